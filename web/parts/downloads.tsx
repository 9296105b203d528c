import type { Case } from '../../worker/negotiation/case.ts';
import { available } from '../../worker/negotiation/custody.ts';
import type { View } from './view.ts';

/** What can be taken away. Each is a form: what is taken is made, and written into the record, only when somebody asks for it. */
export function DownloadList({ caseId, kase, view }: { caseId: string; kase: Case; view: View }) {
  const { words } = view;
  // Of a case that is not as the portal wrote it nothing is signed: there is the record as it is stored, which proves by itself what of it holds.
  const offered = view.unproven ? (['record.json'] as const) : available(kase);
  return (
    <>
      <ul class="downloads">
        {offered.map((what) => (
          <li>
            <form method="post" action={`/cases/${caseId}/exports/${what}`}>
              <button type="submit">{words.case.download[what]}</button>
            </form>
          </li>
        ))}
        {view.unproven ? null : (
          <li>
            <a href={`/cases/${caseId}/share`}>{words.share.title}</a>
          </li>
        )}
      </ul>
      <p class="hint">{words.evidence.openHint}</p>
    </>
  );
}
