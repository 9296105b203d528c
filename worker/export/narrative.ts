import { planClauses } from '../../web/parts/clauses.ts';
import { reachedText, sentence } from '../../web/parts/entry.tsx';
import { otherVoice } from '../../web/parts/letter.ts';
import { figureName } from '../../web/parts/means.tsx';
import { debtChangeText } from '../../web/telling/debt-change.ts';
import { dateText, momentText, money, type Words } from '../../web/words/index.ts';
import type { Case } from '../negotiation/case.ts';
import type { MeansStatement } from '../negotiation/means.ts';
import type { Offer } from '../negotiation/proposal.ts';
import { COMPONENTS } from '../plan/format.ts';
import { type Debt, outstanding } from '../plan/terms.ts';
import { type Author, filesIn, type SealedEntry } from '../record/format.ts';

/** An entry in plain words: who, when, what, and the lines of its content. What the record as a document and the offline page both show. */
export type Told = { seq: number; who: string; when: string; what: string; lines: string[]; hash: string };

export function told(entry: Pick<SealedEntry, 'seq' | 'at' | 'kind' | 'author' | 'content' | 'hash'>, kase: Case, words: Words): Told {
  const author = entry.author as Author | null;
  const side = author?.side ?? 'portal';
  const who =
    author === null ? words.case.erasedName : side === 'portal' ? words.of('portal') : `${author.name}${words.colon}${words.of(side)}`;
  return {
    seq: entry.seq,
    who,
    when: momentText(words, entry.at),
    what: sentence(entry, kase, words),
    lines: entry.content === null ? [absent(entry.seq, kase, words)] : [...voice(entry, words), ...linesOf(entry, kase, words)],
    hash: entry.hash,
  };
}

/** A letter of an old record in the other side's voice is marked as what it is. */
function voice({ kind, content, author }: Pick<SealedEntry, 'kind' | 'content' | 'author'>, words: Words): string[] {
  if (kind !== 'talk.letter-issued') return [];
  const note = otherVoice((content as { letter: string }).letter, author as Author | null, words);
  return note ? [note] : [];
}

/** Why a content is not there: erased, by which entry, or not shown in this copy. */
function absent(seq: number, kase: Case, words: Words): string {
  const erasure = kase.erasures.find(({ entries }) => entries.includes(seq));
  return erasure
    ? `${words.case.erased} ${words.case.receipt(erasure.seq)}${words.comma}${momentText(words, erasure.at)}`
    : words.case.withheld;
}

function linesOf({ kind, content }: Pick<SealedEntry, 'kind' | 'content'>, kase: Case, words: Words): string[] {
  const of = content as Record<string, unknown>;
  const said = typeof of.words === 'string' ? [of.words] : [];
  const reached = [reachedText({ kind, content }, words)].filter((text) => text !== null);
  switch (kind) {
    case 'case.opened': {
      const { reference, product } = of.loan as { reference: string; product?: string };
      return [`${words.case.reference} ${reference}${product ? `${words.comma}${product}` : ''}`, ...reached];
    }
    case 'case.invited':
    case 'case.joined':
      return reached;
    case 'debt.stated':
    case 'debt.corrected':
    case 'debt.disputed':
    case 'debt.confirmed': {
      const debt = of.debt as Debt;
      const parts = COMPONENTS.filter((one) => debt[one] > 0).map((one) => `${words.component[one]} ${money(debt[one])}`);
      return [
        `${money(outstanding(debt))}${words.colon}${parts.join(words.comma)}${words.comma}${words.debt.asOf(dateText(words, debt.asOf))}`,
        ...said,
      ];
    }
    case 'means.submitted': {
      const { cause, incomes, expenses, otherDebts } = of.statement as MeansStatement;
      const totals = of.totals as { disposable: number; affordable: number };
      const group = (
        name: string,
        lines: MeansStatement['expenses'] | MeansStatement['incomes'] | MeansStatement['otherDebts'],
        key: string,
      ) =>
        lines.length > 0
          ? [
              `${name}${words.colon}${lines.map((line) => `${figureName(words, `${key}.${line.kind}`)} ${money(line.amount)} ${words.every[line.every]}`).join(words.comma)}`,
            ]
          : [];
      return [
        `${words.cause[cause.kind]}${words.comma}${dateText(words, cause.since)}`,
        cause.words,
        ...group(words.means.income, incomes, 'incomes'),
        ...group(words.means.expenses, expenses, 'expenses'),
        ...group(words.means.otherDebts, otherDebts, 'otherDebts'),
        `${words.means.disposable} ${money(totals.disposable)}${words.comma}${words.means.affordable} ${money(totals.affordable)}`,
      ];
    }
    case 'evidence.added':
      return filesIn(content).map(({ name, sha256, size }) => `${name} (${size} B, SHA-256 ${sha256})`);
    case 'evidence.withdrawn':
    case 'evidence.accepted':
    case 'evidence.rejected':
      return [kase.evidence[of.file as string]?.name ?? words.case.notShown, ...said];
    case 'talk.call-logged': {
      const call = of as { when: string; direction: 'to-borrower' | 'to-lender'; minutes: number };
      return [
        `${words.case.callDirectionOf[call.direction]}${words.comma}${dateText(words, call.when.slice(0, 10))} ${call.when.slice(11)}${words.comma}${words.case.minutes(call.minutes)}`,
        ...said,
      ];
    }
    case 'proposal.made': {
      const { version, answers, terms, totals, reasons, digest } = content as Offer;
      const [offer, before] = [version, answers].map((number) => kase.offers.find((one) => one.version === number));
      return [
        ...(offer && before ? debtChangeText(before, offer, words) : []),
        planClauses(terms, words).join(words.semicolon),
        `${words.schedule.highest} ${money(totals.highest)}${words.comma}${words.schedule.instalments} ${totals.instalments}${words.comma}${words.schedule.paid} ${money(totals.paid)}${words.comma}${words.schedule.lastDue} ${dateText(words, totals.lastDue)}`,
        ...Object.entries(reasons).map(
          ([part, reason]) => `${words.terms.waiveReason(words.component[part as 'fees'])}${words.colon}${reason}`,
        ),
        ...said,
        `${words.agreement.digest} ${digest}`,
      ];
    }
    case 'proposal.declined':
      return [(of.reasons as (keyof Words['offer']['reasons'])[]).map((reason) => words.offer.reasons[reason]).join(words.comma), ...said];
    case 'payment.reported':
      return [`${dateText(words, of.on as string)}${words.comma}${words.payment.methods[of.method as 'app']}`];
    case 'custody.exported':
      return typeof of.digest === 'string' ? [`${words.case.fileDigest} ${of.digest}`] : [];
    default:
      return said;
  }
}
