import {
  type Figure,
  type FigureName,
  figureNames,
  figureOf,
  SECTIONS,
  type Section,
  type Value,
} from '../../worker/negotiation/report.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { ColumnsChart } from '../parts/columns.tsx';
import { DeskCrumb, NextPage, WayBack } from '../parts/crumb.tsx';
import { ErrorSummary, SelectField, Submit, TextField } from '../parts/fields.tsx';
import type { Filled, View } from '../parts/view.ts';
import { dateText, money, monthText, shareText, type Words } from '../words/index.ts';

/** A lender's reports, section by section, and the cases behind a figure. */

const WAYS = ['month', 'agent', 'product', 'policy'] as const;

/** What an address asks of the reports; `of` and `key` are what alone is shown. */
export type AskedReport = { by: string; from: string; until: string; of: string; key: string };

/** One group of a report: what its figures are, what it is called, and what an address asks for that is about it alone. */
export type Group = { key: string; name: string; figures: Record<FigureName, Value>; asks: AskedReport };

type Props = {
  view: View;
  lender: { slug: string; name: string };
  form: Filled;
  section: Section;
  asked: AskedReport;
  /** What of one agent, product or version alone is shown, in words. */
  only: string | null;
  all: Record<FigureName, Value>;
  groups: readonly Group[];
  /** Whether there are more groups than are shown. */
  more: boolean;
};

/** What of an address is said, as one. */
export const reportAddress = (said: Record<string, string>): string =>
  new URLSearchParams(Object.entries(said).filter(([, value]) => value !== '')).toString();

/** Figures whose columns a section's picture draws: of two, the first is the whole. */
const DRAWN: Readonly<Record<Section, readonly FigureName[]>> = {
  talks: ['asked', 'inTime'],
  agreements: ['agreed', 'kept'],
  waivers: ['waived'],
  recovery: ['due', 'paid'],
  automatic: ['counters', 'countersAccepted'],
  contacts: ['calls', 'effective'],
  conduct: ['beyond'],
};

const inSection = (section: Section) => figureNames.filter((name) => figureOf(name).section === section);
const isMoney = ({ measure }: Figure) => measure === 'amount' || measure === 'beyond';

/** A figure as it is read. */
function valueText(name: FigureName, value: Value, words: Words): string {
  const { measure } = figureOf(name);
  if (value === null) return words.reports.nothing;
  if (typeof measure === 'object') return 'share' in measure ? shareText(value, 1_000_000) : words.reports.days({ days: value });
  return measure === 'count' ? String(value) : money(value);
}

export function ReportsPage({ view, lender, form, section, asked, only, all, groups, more }: Props) {
  const { words } = view;
  const { reports: say } = words;
  const base = `/desk/${lender.slug}/reports`;
  const { name, what } = say.sections[section];
  const names = inSection(section);
  // Months and people of whom this section has nothing to say are left out; in the picture months have each their place.
  const telling = groups.filter(({ figures }) => names.some((one) => (figures[one] ?? 0) !== 0));
  const address = (more: Record<string, string>) => `${base}?${reportAddress({ ...asked, section, ...more })}`;
  return (
    <Layout view={view} title={say.title} wide>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <form method="get" action={base} class="card">
        <ErrorSummary form={form} words={words} />
        <input type="hidden" name="section" value={section} />
        {asked.of === '' ? null : (
          <>
            <input type="hidden" name="of" value={asked.of} />
            <input type="hidden" name="key" value={asked.key} />
          </>
        )}
        <div class="row">
          <SelectField form={form} words={words} name="by" label={say.by} options={WAYS} text={(one) => say.ways[one]} />
          <TextField form={form} words={words} name="from" label={say.from} narrow />
          <TextField form={form} words={words} name="until" label={say.until} narrow />
        </div>
        <Submit>{say.show}</Submit>
      </form>
      <nav class="tabs" aria-label={say.title}>
        {SECTIONS.map((one) => (
          <a href={address({ section: one })} aria-current={one === section ? 'page' : undefined}>
            {say.sections[one].name}
          </a>
        ))}
      </nav>
      {only ? (
        <p>
          {only} · <a href={address({ of: '', key: '' })}>{say.everything}</a>
        </p>
      ) : null}
      <section aria-labelledby="section" class="stack">
        <h2 id="section">{name}</h2>
        <p class="hint">{what}</p>
        <div class="table-frame">
          <table class="figures compare stacked">
            <thead>
              <tr>
                <th scope="col">{say.figure}</th>
                <th scope="col">{say.all}</th>
                <th scope="col">{say.meaning}</th>
              </tr>
            </thead>
            <tbody>
              {names.map((one) => (
                <tr>
                  <th scope="row">{say.figures[one].name}</th>
                  <td data-name={say.all} class="num">
                    <FigureLink name={one} value={all[one]} asks={asked} base={base} words={words} />
                  </td>
                  <td data-name={say.meaning}>{say.figures[one].what}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <Picture section={section} groups={asked.by === 'month' ? groups : telling} words={words} />
        {telling.length === 0 ? null : (
          <div class="table-frame">
            <table class="figures stacked">
              <thead>
                <tr>
                  <th scope="col">{say.ways[wayOf(asked.by)]}</th>
                  {names.map((one) => (
                    <th scope="col">{say.figures[one].name}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {telling.map((group) => (
                  <tr>
                    <th scope="row">
                      {asked.by === 'month' ? (
                        group.name
                      ) : (
                        <a href={`${base}?${reportAddress({ ...group.asks, section })}`}>{group.name}</a>
                      )}
                    </th>
                    {names.map((one) => (
                      <td data-name={say.figures[one].name} class="num">
                        <FigureLink name={one} value={group.figures[one]} asks={group.asks} base={base} words={words} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {more ? <p class="hint">{say.more({ shown: groups.length })}</p> : null}
        <p class="hint">{say.erased}</p>
      </section>
      <p>
        <a class="button" href={`/desk/${lender.slug}/tables?${new URLSearchParams({ what: 'report', choice: reportAddress(asked) })}`}>
          {say.take}
        </a>
      </p>
    </Layout>
  );
}

export const wayOf = (by: string) => WAYS.find((one) => one === by) ?? 'month';

/** A figure, by which the cases behind it are opened where there are some. */
function FigureLink({ name, value, asks, base, words }: { name: FigureName; value: Value; asks: AskedReport; base: string; words: Words }) {
  const text = valueText(name, value, words);
  if (value === null || value === 0 || figureOf(name).kinds.length === 0) return <span>{text}</span>;
  return <a href={`${base}/cases?${reportAddress({ ...asks, figure: name })}`}>{text}</a>;
}

/** The months, or who acted, beside each other. */
function Picture({ section, groups, words }: { section: Section; groups: readonly Group[]; words: Words }) {
  const { reports: say } = words;
  const drawn = DRAWN[section];
  if (groups.length < 2 || groups.every(({ figures }) => drawn.every((name) => (figures[name] ?? 0) === 0))) return null;
  const isAmount = drawn.some((name) => isMoney(figureOf(name)));
  return (
    <ColumnsChart
      title={say.chart({ section: say.sections[section].name })}
      groups={groups.map(({ name }) => name)}
      series={drawn.map((name) => ({ name: say.figures[name].name, values: groups.map(({ figures }) => figures[name] ?? 0) }))}
      read={(value) => (isAmount ? money(value).replace(/\.00$/, '') : String(value))}
      colon={words.colon}
      least={isAmount ? 100 : 1}
    />
  );
}

/** A row of what is behind a figure. */
export type BehindRow = {
  id: string;
  number: string;
  reference: string;
  borrower: string | null;
  proven: boolean;
  stage: keyof Words['stage'];
  day: string;
  counted: { days: number | null; amount: number | null; beyond: number | null };
};

export function BehindPage(props: {
  view: View;
  lender: { slug: string; name: string };
  figure: FigureName;
  asked: AskedReport;
  period: string;
  only: string | null;
  rows: readonly BehindRow[];
  next: string | null;
}) {
  const { view, lender, figure, asked, period, only, rows, next } = props;
  const { words } = view;
  const { reports: say } = words;
  const { name, what } = say.figures[figure];
  const of = figureOf(figure);
  const has = (part: 'days' | 'amount' | 'beyond') => rows.some(({ counted }) => counted[part] !== null);
  const shown = { days: has('days'), amount: has('amount'), beyond: of.measure === 'beyond' };
  const title = say.behind({ figure: name });
  return (
    <Layout view={view} title={title} wide>
      <WayBack to={`/desk/${lender.slug}/reports?${reportAddress({ ...asked, section: of.section })}`}>{say.title}</WayBack>
      <PageTitle lead={[period, only].filter(Boolean).join(' · ')}>{title}</PageTitle>
      <p class="hint">{what}</p>
      {rows.length === 0 ? (
        <p class="soft">{say.none}</p>
      ) : (
        <div class="table-frame">
          <table class="figures stacked">
            <thead>
              <tr>
                <th scope="col">{words.inbox.borrower}</th>
                <th scope="col">{words.desk.stage}</th>
                <th scope="col">{say.counted}</th>
                {shown.days ? <th scope="col">{say.took}</th> : null}
                {shown.amount ? <th scope="col">{say.amount}</th> : null}
                {shown.beyond ? <th scope="col">{say.beyond}</th> : null}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ id, number, reference, borrower, proven, stage, day, counted }) => (
                <tr>
                  <th scope="row">
                    <a href={`/cases/${id}`}>
                      <strong>{borrower || number}</strong>
                    </a>{' '}
                    <span class="soft small pieces">
                      {[number, reference].filter(Boolean).map((part) => (
                        <span class="piece">{part}</span>
                      ))}
                    </span>
                  </th>
                  <td data-name={words.desk.stage}>{proven ? words.stage[stage] : words.unproven.title}</td>
                  <td data-name={say.counted}>
                    {/* What falls due is counted by the month. */}
                    {figure === 'due' ? monthText(words, day) : dateText(words, day)}
                  </td>
                  {shown.days ? (
                    <td data-name={say.took} class="num">
                      {counted.days === null ? say.nothing : say.days({ days: counted.days })}
                    </td>
                  ) : null}
                  {shown.amount ? (
                    <td data-name={say.amount} class="num">
                      {counted.amount === null ? say.nothing : money(counted.amount)}
                    </td>
                  ) : null}
                  {shown.beyond ? (
                    <td data-name={say.beyond} class="num">
                      {money(counted.beyond ?? 0)}
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NextPage next={next} words={words} />
    </Layout>
  );
}
