import { type Line, leadsOnly, type Reference } from '../telling/telling.ts';
import type { Words } from '../words/index.ts';
import { Days } from './days.tsx';
import { AmountRead } from './fields.tsx';

/** What an entry tells, as a page draws it. */

type Props = {
  lines: readonly Line[];
  words: Words;
  /** The case to whose pages, files and entries lines lead; without one they lead nowhere. */
  caseId?: string;
  /** Whether amounts are said in capital numerals too, as they are where somebody looks over what they are about to send. */
  capitals?: boolean;
};

/** All lines, one after the other; those that only whoever looks closely asks for are folded away, unless they are all that there is. */
export function ToldLines({ lines, ...rest }: Props) {
  const shown = lines.filter((line) => !line.close);
  const close = lines.filter((line) => line.close);
  return (
    <>
      <Lines lines={shown} {...rest} />
      <Closely lines={close} {...rest} />
    </>
  );
}

/** Lines that are folded away. */
export function Closely({ lines, ...rest }: Props) {
  if (lines.length === 0) return null;
  return (
    <details class="small">
      <summary>{rest.words.case.details}</summary>
      <div class="stack tight">
        <Lines lines={lines} {...rest} />
      </div>
    </details>
  );
}

/** Lines as they follow each other: what has a name in lists of pairs, clauses as a list. */
export function Lines({ lines, ...rest }: Props) {
  return (
    <>
      {runsOf(lines).map((run) => {
        if (run.as === 'pairs') return <Pairs lines={run.lines} {...rest} />;
        if (run.as === 'clauses') {
          const List = run.lines[0]?.no === undefined ? 'ul' : 'ol';
          return (
            <List class="clauses">
              {run.lines.map(({ value }) => (
                <li>
                  <Days of={value} />
                </li>
              ))}
            </List>
          );
        }
        return run.lines.map((line) => <Alone line={line} {...rest} />);
      })}
    </>
  );
}

function Pairs({ lines, ...rest }: Props) {
  return (
    <dl class="pairs">
      {lines.map((line, i) => (
        <>
          {/* What has several values is named once. */}
          {i > 0 && line.label === lines[i - 1]?.label ? null : <dt>{line.label === undefined ? null : <Days of={line.label} />}</dt>}
          <dd class={line.fen === undefined ? undefined : 'num'}>
            <Value line={line} {...rest} />
          </dd>
        </>
      ))}
    </dl>
  );
}

type One = Omit<Props, 'lines'> & { line: Line };

function Alone({ line, ...rest }: One) {
  if (line.as === 'words') return <p class="said">{line.value}</p>;
  if (line.as === 'warning')
    return (
      <p class="notice warn">
        <Days of={line.value} />
      </p>
    );
  // Before there is a case, there is no page of it.
  if (leadsOnly(line) && !rest.caseId) return null;
  return <p>{line.as === 'heading' ? <strong>{line.value}</strong> : <Value line={line} {...rest} />}</p>;
}

function Value({ line, words, caseId, capitals }: One) {
  const { value, fen, aside, about, as } = line;
  const said = capitals && fen !== undefined ? <AmountRead fen={fen} words={words} /> : <Days of={value} />;
  const digest = /^[0-9a-f]{64}$/.test(value) ? <span class="hash">{value}</span> : null;
  return (
    <>
      {about && caseId ? <a href={placeOf(about, caseId)}>{said}</a> : (digest ?? (as === 'figure' ? <strong>{said}</strong> : said))}
      {aside ? (
        <span class="soft">
          {' '}
          <Days of={aside} />
        </span>
      ) : null}
    </>
  );
}

/** Where a reader of the case finds what a line is about. */
function placeOf(about: Reference, caseId: string): string {
  if ('entry' in about) return `#e${about.entry}`;
  if ('file' in about) return `/cases/${caseId}/files/${about.file}/view`;
  if ('offer' in about) return `/cases/${caseId}/proposals/${about.offer}`;
  if ('letter' in about) return `/cases/${caseId}/letters/${about.letter}.pdf`;
  if ('authority' in about) return `/cases/${caseId}/representatives/${about.authority}.pdf`;
  if ('suggestion' in about) return `/cases/${caseId}/suggestions/${about.suggestion}`;
  return `/cases/${caseId}/${about.page}`;
}

type Run = { as: 'pairs' | 'clauses' | 'alone'; lines: Line[] };

function runsOf(lines: readonly Line[]): Run[] {
  const runs: Run[] = [];
  for (const line of lines) {
    const as = line.label !== undefined ? 'pairs' : line.as === 'clause' ? 'clauses' : 'alone';
    const last = runs.at(-1);
    if (last?.as === as) last.lines.push(line);
    else runs.push({ as, lines: [line] });
  }
  return runs;
}
