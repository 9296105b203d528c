import type { Case } from '../../worker/negotiation/case.ts';
import type { Context } from '../../worker/negotiation/command.ts';
import { isErased } from '../../worker/negotiation/custody.ts';
import type { MeansStatement } from '../../worker/negotiation/means.ts';
import type { Reached } from '../../worker/negotiation/seats.ts';
import { type Debt, outstanding } from '../../worker/plan/terms.ts';
import type { FileRef } from '../../worker/record/format.ts';
import { dateText, momentText, money, type Words } from '../words/index.ts';
import { AreaField, CommandForm } from './fields.tsx';
import { CallHours } from './law.tsx';
import { otherVoice } from './letter.ts';
import { CauseText, figureName } from './means.tsx';
import { OfferCard } from './offer.tsx';
import { formFor, type View } from './view.ts';

/** One entry of the record as it reads on screen: who, when, what, and what the reader can do about it. */

/** `holds` is false where an entry is not what was sealed. */
export type Shown = { seq: number; at: string; kind: string; author: unknown; content: unknown; hash: string; holds?: boolean };
type Author = { side: 'borrower' | 'lender' | 'portal'; capacity: string; name: string };
type Content = Record<string, unknown>;

export function EntryView({
  entry,
  kase,
  caseId,
  view,
  situation,
}: {
  entry: Shown;
  kase: Case;
  caseId: string;
  view: View;
  situation: Context;
}) {
  const { words } = view;
  if (entry.holds === false) {
    return (
      <li class="entry portal" id={`e${entry.seq}`}>
        <header>
          <span class="who">{words.case.receipt(entry.seq)}</span>
        </header>
        <p class="notice bad">{words.unproven.entry}</p>
      </li>
    );
  }
  const author = entry.author as Author | null;
  const side = author?.side ?? 'portal';
  return (
    <li class={`entry ${side}`} id={`e${entry.seq}`}>
      <header>
        <span class="who">{side === 'portal' ? words.of('portal') : (author?.name ?? words.case.erasedName)}</span>
        {side === 'portal' ? null : <span class="soft small">{side === 'lender' ? kase.lenderName : words.of(side)}</span>}
        <span>{sentence(entry, kase, words)}</span>
        <span class="meta">
          <time datetime={entry.at}>{momentText(words, entry.at)}</time>{' '}
          <a href={`#e${entry.seq}`} title={entry.hash}>
            {words.case.receipt(entry.seq)}
          </a>
        </span>
      </header>
      {entry.content === null ? (
        <p class="soft">{words.case.erased}</p>
      ) : (
        <Body entry={entry} kase={kase} caseId={caseId} view={view} situation={situation} />
      )}
    </li>
  );
}

/** What happened, in a few words. */
export function sentence({ kind, content, author }: Pick<Shown, 'kind' | 'content' | 'author'>, kase: Case, words: Words): string {
  const { entry: say } = words;
  const text = (say as Record<string, unknown>)[kind];
  if (content === null) return typeof text === 'string' ? text : say.other;
  const of = content as Content;
  const version = of.version as number;
  switch (kind) {
    case 'case.invited':
      return say[kind](of.name as string);
    case 'talk.letter-issued':
      return say[kind](words.letters.kind[of.letter as 'call']);
    case 'case.closed':
      return say[kind](words.case.closeReasons[of.reason as 'withdrawn']);
    case 'means.submitted':
      return say[kind](version);
    case 'means.verified':
    case 'means.queried':
    case 'means.answered':
      return say[kind](figureName(words, of.figure as string));
    case 'evidence.added':
      return say[kind]((of.files as unknown[]).length);
    case 'talk.call-confirmed':
    case 'talk.call-contested':
      return say[kind](of.call as number);
    case 'proposal.made': {
      const answered = kase.offers.find((one) => one.version === of.answers);
      const isCounter = answered && answered.side !== (author as Author | null)?.side;
      return isCounter ? say['proposal.countered']({ version, answers: answered.version }) : say[kind](version);
    }
    case 'proposal.withdrawn':
    case 'proposal.declined':
    case 'proposal.expired':
    case 'proposal.accepted':
      return say[kind](version);
    case 'payment.reported':
      return say[kind](money(of.amount as number));
    case 'instalment.overdue':
      return say[kind]({ no: of.no as number, amount: money(of.missing as number) });
    case 'custody.exported':
      return say[kind](words.case.download[of.what as 'record.json']);
    case 'custody.erased':
      return say[kind]((of.entries as unknown[]).length + (of.files as unknown[]).length);
    default:
      return typeof text === 'string' ? text : say.other;
  }
}

/** Where an invitation went, or by which contact the borrower was identified; nothing in records from before this was kept. */
export function reachedText({ kind, content }: Pick<Shown, 'kind' | 'content'>, words: Words): string | null {
  const { identified, to } = content as { identified?: Reached; to?: Reached };
  if (kind === 'case.invited' && to) return words.entry.invitedAt(to);
  if (!identified || (kind !== 'case.opened' && kind !== 'case.joined')) return null;
  return words.entry.identified({ ...identified, at: momentText(words, identified.at) });
}

type BodyProps = { entry: Shown; kase: Case; caseId: string; view: View; situation: Context };

function Body({ entry, kase, caseId, view, situation }: BodyProps) {
  const { words } = view;
  const of = entry.content as Content;
  const said = typeof of.words === 'string' ? <p class="said">{of.words}</p> : null;
  const reached = reachedText(entry, words);
  if (reached) return <p class="soft small">{reached}</p>;
  switch (entry.kind) {
    case 'debt.stated':
    case 'debt.corrected':
    case 'debt.disputed':
    case 'debt.confirmed':
      return (
        <div class="body">
          <DebtLine debt={of.debt as Debt} words={words} />
          {said}
        </div>
      );
    case 'means.submitted': {
      const statement = of.statement as MeansStatement;
      const totals = of.totals as { disposable: number; affordable: number };
      return (
        <div class="body">
          <CauseText cause={statement.cause} words={words} />
          <p>
            {words.means.disposable} <strong class="num">{money(totals.disposable)}</strong>
            {words.comma}
            {words.means.affordable} <strong class="num">{money(totals.affordable)}</strong>
          </p>
          <p>
            <a href={`/cases/${caseId}/means`}>{words.means.title}</a>
          </p>
        </div>
      );
    }
    case 'evidence.added':
      return (
        <div class="body">
          <ul class="files">
            {(of.files as { file: FileRef; figures: string[] }[]).map(({ file, figures }) => (
              <li>
                <FileLink file={file} caseId={caseId} kase={kase} words={words} />
                {figures.length > 0 ? (
                  <span class="soft small"> {figures.map((key) => figureName(words, key)).join(words.comma)}</span>
                ) : null}
              </li>
            ))}
          </ul>
        </div>
      );
    case 'evidence.withdrawn':
    case 'evidence.accepted':
    case 'evidence.rejected': {
      const held = kase.evidence[of.file as string];
      const reason = of.reason as keyof Words['evidence']['reasons'] | undefined;
      return (
        <div class="body">
          <p>
            {held?.name}
            {reason ? `${words.colon}${words.evidence.reasons[reason]}` : ''}
          </p>
          {said}
        </div>
      );
    }
    case 'talk.letter-issued': {
      const note = otherVoice(of.letter as string, entry.author as Author | null, words);
      return (
        <div class="body">
          {note ? <p class="notice warn">{note}</p> : null}
          {said}
          <p>
            <a href={`/cases/${caseId}/letters/${entry.seq}.pdf`}>{words.letters.pdf}</a>
          </p>
        </div>
      );
    }
    case 'talk.call-logged':
      return <CallBody entry={entry} kase={kase} caseId={caseId} view={view} situation={situation} />;
    case 'proposal.made': {
      const offer = kase.offers[(of.version as number) - 1];
      const before = offer?.answers ? kase.offers[offer.answers - 1] : undefined;
      return offer ? <OfferCard offer={offer} kase={kase} before={before} caseId={caseId} words={words} /> : null;
    }
    case 'proposal.declined':
      return (
        <div class="body">
          <p>{(of.reasons as (keyof Words['offer']['reasons'])[]).map((reason) => words.offer.reasons[reason]).join(words.comma)}</p>
          {said}
        </div>
      );
    case 'payment.reported':
      return (
        <div class="body">
          <p>
            {dateText(words, of.on as string)}
            {words.comma}
            {words.payment.methods[of.method as 'app']}
            {of.reference ? `${words.comma}${of.reference as string}` : ''}
          </p>
        </div>
      );
    case 'custody.exported':
      return typeof of.digest === 'string' ? (
        <p class="small soft">
          {words.case.fileDigest} <span class="hash">{of.digest}</span>
        </p>
      ) : null;
    case 'agreement.drawn-up':
    case 'agreement.in-force':
      return (
        <p>
          <a href={`/cases/${caseId}/agreement`}>{words.agreement.title}</a>
        </p>
      );
    default:
      return said ? <div class="body">{said}</div> : null;
  }
}

function DebtLine({ debt, words }: { debt: Debt; words: Words }) {
  return (
    <p>
      <strong class="num">{money(outstanding(debt))}</strong>
      <span class="soft">
        {' '}
        {(['principal', 'interest', 'penalty', 'fees'] as const)
          .filter((one) => debt[one] > 0)
          .map((one) => `${words.component[one]} ${money(debt[one])}`)
          .join(words.comma)}
        {words.comma}
        {words.debt.asOf(dateText(words, debt.asOf))}
      </span>
    </p>
  );
}

/** A file as a link, or as its name where it is gone. */
export function FileLink({ file, caseId, kase, words }: { file: FileRef; caseId: string; kase: Case; words: Words }) {
  if (isErased(kase, file.sha256)) return <span class="soft">{words.case.erased}</span>;
  return <a href={`/cases/${caseId}/files/${file.sha256}`}>{file.name}</a>;
}

function CallBody({ entry, kase, caseId, view, situation }: BodyProps) {
  const { words } = view;
  const { case: say } = words;
  const of = entry.content as { when: string; direction: 'to-borrower' | 'to-lender'; minutes: number; words: string };
  const call = kase.calls[entry.seq];
  const answerable = call?.state === 'logged' && call.side !== situation.seat.side && kase.stage !== 'closed' && !situation.readOnly;
  const hidden = { call: entry.seq };
  const contest = formFor(view, 'talk.contestCall', hidden);
  return (
    <div class="body">
      <p>
        {say.callDirectionOf[of.direction]}
        {words.comma}
        {dateText(words, of.when.slice(0, 10))} {of.when.slice(11)}
        {words.comma}
        {say.minutes(of.minutes)}
        {call && call.state !== 'logged' ? (
          <>
            {' '}
            <span class={`tag ${call.state === 'confirmed' ? 'confirmed' : 'disputed'}`}>{say.callState[call.state]}</span>
          </>
        ) : null}
      </p>
      <p class="said">{of.words}</p>
      {of.direction === 'to-borrower' ? <CallHours when={of.when} policy={situation.policy} words={words} /> : null}
      {answerable ? (
        <div class="actions">
          <CommandForm
            view={view}
            caseId={caseId}
            command="talk.confirmCall"
            form={formFor(view, 'talk.confirmCall', hidden)}
            hidden={hidden}
          >
            <button type="submit">{say.callConfirm}</button>
          </CommandForm>
          <details open={contest.again}>
            <summary>{say.callContest}</summary>
            <CommandForm view={view} caseId={caseId} command="talk.contestCall" form={contest} hidden={hidden}>
              <AreaField form={contest} words={words} name="words" label={say.callContestWords} most={2000} />
              <p>
                <button type="submit">{say.callContest}</button>
              </p>
            </CommandForm>
          </details>
        </div>
      ) : null}
    </div>
  );
}
