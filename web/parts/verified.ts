import * as z from 'zod';
import { Conditions } from '../../worker/negotiation/conditions.ts';
import { TAGS } from '../../worker/plan/languages.ts';
import { Debt, Terms } from '../../worker/plan/terms.ts';
import type { Report } from '../../worker/record/report.ts';
import type { AnyRecord } from '../../worker/record/verify.ts';
import { clauses } from '../telling/clauses.ts';
import { closedUp, languageOf, type Words } from '../words/index.ts';

/** What a check found, in sentences: the same on the page `/verify` and from the command. Nothing in the record is trusted to be as ours are. */

export type ToldReport = {
  tone: 'good' | 'warn' | 'bad';
  verdict: string;
  sections: { title: string; lines: string[] }[];
};

const NameText = z.string().min(1).max(200);
const Agreed = z.object({ debt: Debt, terms: Terms, conditions: Conditions.optional() });

/** Sentences of one kind that are worth showing: a broken record can have thousands. */
const MOST = 200;

/** `zone` is the reader's time zone (IANA); `receipt` is a hash that the reader holds, with its entry in the record. */
export function tellReport(
  report: Report,
  record: AnyRecord | null,
  words: Words,
  zone: string,
  receipt: { hash: string; seq: number | null } | null = null,
): ToldReport {
  const { verify: say } = words;
  const when = momentsIn(zone, words);
  const sections = [
    { title: say.title.receipt, lines: receipt ? [receipt.seq === null ? say.receiptNo : say.receiptYes({ seq: receipt.seq })] : [] },
    { title: say.title.findings, lines: report.findings.slice(0, MOST).map((finding) => foundText(finding, words)) },
    { title: say.title.says, lines: record ? saysOf(record, words, when) : [] },
    { title: say.title.vouched, lines: vouched(report, words, when) },
    {
      title: say.title.unchecked,
      lines: unique(
        report.unchecked.map(({ code, name, key, file }) => say.unchecked[code]({ name: name ?? '', key: key ?? '', file: file ?? '' })),
      ),
    },
    { title: say.title.more, lines: more(report, words) },
  ];
  return {
    tone: report.verdict === 'holds' ? 'good' : report.verdict === 'broken' || report.verdict === 'unreadable' ? 'bad' : 'warn',
    verdict: say.verdict[report.verdict]({ entries: report.entries, seq: report.firstBroken }),
    sections: sections.filter(({ lines }) => lines.length > 0).map(({ title, lines }) => ({ title, lines: lines.map(oneLine) })),
  };
}

/** Line breaks, signs for a terminal, and signs that turn the direction of writing: names in a file, and of whoever stamped it, are anybody's, and make no sentence of ours. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const oneLine = (line: string): string => line.replace(UNSEEN, ' ');

function foundText({ code, seq, file, key, name, path }: Report['findings'][number], words: Words): string {
  const { finding } = words.verify;
  return finding[code]({ seq: seq ?? 0, file: file ?? '', key: key ?? '', name: name ?? words.verify.thisDocument, path: path ?? '' });
}

const unique = (lines: readonly string[]) => [...new Set(lines)].slice(0, MOST);

function momentsIn(zone: string, words: Words): (at: string) => string {
  const format = new Intl.DateTimeFormat(TAGS[languageOf(words)], {
    timeZone: zone,
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return (at) => {
    const time = Date.parse(at);
    return Number.isNaN(time) ? at : format.format(time);
  };
}

/** Parties, what was agreed, who signed and when. Text that is no text, or longer than a name, is not shown as one. */
function saysOf({ header, entries }: AnyRecord, words: Words, when: (at: string) => string): string[] {
  const { verify: say } = words;
  const last = (kind: string) => entries.findLast((entry) => entry.kind === kind);
  const text = (content: unknown, member: string): string | null =>
    z.object({ [member]: NameText }).safeParse(content).data?.[member] ?? null;
  const opened = last('case.opened')?.content;
  const borrower =
    text(opened, 'borrowerName') ?? text(last('case.joined')?.content, 'name') ?? text(last('case.invited')?.content, 'name');
  const parties = () => say.parties({ lender: text(opened, 'lenderName') ?? say.notShown, borrower: borrower ?? say.notShown });
  const isShared = 'case' in header && !('side' in header);
  const lines = [
    ...('case' in header ? [`${words.cases.number} ${header.number}`] : []),
    'side' in header ? say.ofSide[header.side] : isShared ? parties() : say.ofLender({ lender: header.lender }),
  ];
  const [first, newest] = [entries[0], entries.at(-1)];
  if (first && newest) lines.push(say.span({ entries: entries.length, from: when(first.at), to: when(newest.at) }));
  for (const { kind, at, seq } of entries) if (kind === 'custody.restored') lines.push(say.restored({ at: when(at), seq }));
  // Whatever a private record says of an agreement, none is made in it.
  if (!isShared) return lines;
  const held = last('agreement.in-force');
  // Of several, the one that holds: a variation that is not signed by both holds as little as one whose place was taken.
  const drawn = held
    ? entries.findLast(({ kind, seq, content }) => kind === 'agreement.drawn-up' && seq < held.seq && isOf(content, held.content))
    : last('agreement.drawn-up');
  if (!drawn) return [...lines, say.noAgreement];
  lines.push(say.agreed({ at: when(drawn.at), seq: drawn.seq }), ...agreedIn(drawn.content, words));
  for (const entry of entries) {
    if (entry.kind !== 'agreement.signed' || entry.seq < drawn.seq || !isOf(entry.content, drawn.content)) continue;
    const side = text(entry.author, 'side');
    const of = side === 'lender' || side === 'borrower' ? words.of(side) : say.notShown;
    lines.push(say.signed({ name: text(entry.content, 'name') ?? say.notShown, side: of, at: when(entry.at) }));
  }
  lines.push(held ? say.inForce({ at: when(held.at) }) : say.notInForce);
  for (const { kind, seq, at, content } of entries) {
    const taken = kind === 'agreement.superseded' ? Superseded.safeParse(content).data : undefined;
    if (taken) lines.push(say.superseded({ at: when(at), seq, version: taken.version, by: taken.by }));
  }
  return lines;
}

const Superseded = z.object({ version: z.int(), by: z.int() });
const OfVersion = z.object({ version: z.int() });

/** Whether two contents are of one version; where either does not say, nothing speaks against it. */
function isOf(one: unknown, other: unknown): boolean {
  const [a, b] = [OfVersion.safeParse(one).data, OfVersion.safeParse(other).data];
  return !a || !b || a.version === b.version;
}

function agreedIn(content: unknown, words: Words): string[] {
  const read = Agreed.safeParse(content);
  if (!read.success) return [words.verify.agreedNotShown];
  try {
    return clauses(read.data.debt, read.data.terms, words, read.data.conditions).map((clause, i) => `${i + 1}. ${clause}`);
  } catch {
    // Terms without a schedule: no agreement of ours has them.
    return [words.verify.agreedNotShown];
  }
}

/** Which signature stands for what, and whose it is. */
function vouched({ signatures, documents, index, anchors }: Report, words: Words, when: (at: string) => string): string[] {
  const { verify: say } = words;
  const whose = (published: boolean | null) => (published === null ? say.whose.unknown : published ? say.whose.published : say.whose.other);
  return [
    ...signatures
      .slice(0, MOST)
      .map(({ key, from, to, since, until, published }) =>
        say.bySignature({ key, from, to, since: when(since), until: when(until), whose: whose(published) }),
      ),
    ...documents.flatMap(({ name, fingerprint, at, published, timestamp }) => [
      closedUp(
        say.byDocument({
          name: name ?? say.thisDocument,
          fingerprint,
          at: timestamp ? when(at) : say.ownWord({ at: when(at) }),
          whose: whose(published),
        }),
      ),
      ...(timestamp
        ? [say.documentStamped({ document: name ?? say.thisDocument, at: when(timestamp.at), name: timestamp.name, root: timestamp.root })]
        : []),
    ]),
    ...anchors.flatMap(({ seq, n, at, restored, timestamp }) => [
      say.anchored({ seq, n, at: when(at) }),
      ...(timestamp ? [say.stamped({ n, at: when(timestamp.at), name: timestamp.name, root: timestamp.root })] : []),
      ...(restored === undefined ? [] : [say.anchorRestored({ n, reason: restored })]),
    ]),
    ...(index ? [say.byIndex({ files: index.files, key: index.key, at: when(index.madeAt) })] : []),
  ];
}

function more({ erased, withheld, authorsWithheld, files, head }: Report, words: Words): string[] {
  const { verify: say } = words;
  return [
    ...(erased.length > 0 ? [say.erased({ count: erased.length })] : []),
    ...(withheld.length > 0 ? [say.withheld({ count: withheld.length })] : []),
    ...(authorsWithheld.length > 0 ? [say.authorsWithheld({ count: authorsWithheld.length })] : []),
    ...(files.listed > 0 ? [say.files({ listed: files.listed, present: files.present })] : []),
    ...(head ? [say.head({ seq: head.seq, hash: head.hash })] : []),
  ];
}
