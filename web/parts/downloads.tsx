import type { Case } from '../../worker/negotiation/case.ts';
import { available } from '../../worker/negotiation/custody.ts';
import type { Words } from '../words/index.ts';

/** What can be taken away, each a real address. */
export function DownloadList({ caseId, kase, words }: { caseId: string; kase: Case; words: Words }) {
  return (
    <>
      <ul class="downloads">
        {available(kase).map((what) => (
          <li>
            <a href={`/cases/${caseId}/exports/${what}`}>{words.case.download[what]}</a>
          </li>
        ))}
        <li>
          <a href={`/cases/${caseId}/share`}>{words.share.title}</a>
        </li>
      </ul>
      <p class="hint">{words.evidence.openHint}</p>
    </>
  );
}
