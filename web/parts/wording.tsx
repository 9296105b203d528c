import type { Policy } from '../../worker/negotiation/policy.ts';
import { bearableFor, heard, isForbidden, type Marked, type Said } from '../../worker/negotiation/said.ts';
import type { Side } from '../../worker/negotiation/seats.ts';
import { CHINA } from '../../worker/plan/law/china.ts';
import type { MeansFigures } from '../../worker/plan/terms.ts';
import type { Mark } from '../../worker/wording/marks.ts';
import { money, type Words } from '../words/index.ts';
import { Care } from './care.tsx';
import { own } from './view.ts';

/** Words that may do harm: where they stand, why in a line, and a calmer sentence that keeps the meaning. */

type Props = {
  marked: readonly Marked[];
  side: Side;
  /** What can be paid a month, in 分, where a promise is held against it. */
  affordable: number | null;
  words: Words;
  /** One below what stands over it. */
  heading?: 'h2' | 'h3';
};

type SaidProps = {
  said: readonly Said[];
  side: Side;
  means: MeansFigures | null;
  policy: Pick<Policy, 'jurisdiction'>;
  words: Words;
};

/** The same on a page where all is looked over before it is sent anyway: it is changed there or sent, as with everything else on it. */
export function SaidNotes({ said, side, means, policy, words }: SaidProps) {
  const affordable = bearableFor(side, means);
  const { marked, despair } = heard(said, side, affordable);
  return (
    <>
      {despair ? <Care policy={policy} words={words} /> : null}
      {marked.length > 0 ? (
        <section class="stack" aria-labelledby="wording">
          <h2 id="wording">{words.wording.title}</h2>
          <WordingNotes marked={marked} side={side} affordable={affordable} words={words} />
          <p class="soft small">{words.wording.kept}</p>
        </section>
      ) : null}
    </>
  );
}

/** What is marked, and of each kind why and how it could be said. */
export function WordingNotes({ marked, side, affordable, words, heading = 'h3' }: Props) {
  const all = marked.flatMap(({ marks }) => marks);
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  return (
    <>
      {marked.map(({ text, marks }) => (
        <blockquote class="card">
          <p class="said">
            <MarkedText text={text} marks={marks} />
          </p>
        </blockquote>
      ))}
      {kinds.map((kind) => (
        <KindNote
          kind={kind}
          sure={all.some((mark) => mark.kind === kind && !mark.learned)}
          side={side}
          affordable={affordable}
          words={words}
          heading={heading}
        />
      ))}
    </>
  );
}

/** `sure` is what a phrase says; the rest only reads like it, and is called so. */
type KindProps = Omit<Props, 'marked'> & { kind: Mark['kind']; sure: boolean };

function KindNote({ kind, sure, side, affordable, words, heading: Heading = 'h3' }: KindProps) {
  const { wording: say } = words;
  if (kind === 'despair') return null;
  const { name, why, calmer } = say.kinds[kind];
  const rule = sure && isForbidden(side, { kind }) ? own<string>(say.rule, kind) : undefined;
  const because = kind === 'overpromise' && affordable !== null ? say.promise({ amount: money(affordable) }) : why;
  return (
    <div class="card stack tight">
      <Heading>{sure ? name : say.mayRead({ name })}</Heading>
      <p>{because}</p>
      {rule === undefined ? null : <p class="small">{rule}</p>}
      <p>
        {say.calmer}
        {words.colon}
        <strong>{calmer[side]}</strong>
      </p>
    </div>
  );
}

/** The same in lines beside what is still being written, without the means: a promise is held against them once it is sent. Despair comes first, with where to turn: of no
 * case, and so where the portal is at home. */
export function typedNotes(text: string, side: Side, words: Words): string[] {
  const { wording: say } = words;
  const { marked, despair } = heard([{ field: '', text }], side, null);
  const marks = marked.flatMap((one) => one.marks);
  const notes = marks.flatMap(({ kind, learned, words: said }) => {
    if (kind === 'despair') return [];
    const { name, why } = say.kinds[kind];
    return [say.typed({ said, name: learned ? say.mayRead({ name }) : name, why })];
  });
  return [...(despair ? [say.typedCare({ line: CHINA.care.line })] : []), ...new Set(notes)].slice(0, MOST_TYPED);
}

/** Lines that fit beside a box. */
const MOST_TYPED = 4;

/** A text with what is marked in it. */
function MarkedText({ text, marks }: Pick<Marked, 'text' | 'marks'>) {
  const parts: (string | Mark)[] = [];
  let last = 0;
  for (const mark of marks) {
    if (mark.from < last) continue;
    parts.push(text.slice(last, mark.from), mark);
    last = mark.to;
  }
  return (
    <>{[...parts, text.slice(last)].map((part) => (typeof part === 'string' ? part : <mark>{text.slice(part.from, part.to)}</mark>))}</>
  );
}
