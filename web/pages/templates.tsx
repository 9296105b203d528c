import type { Recorded } from '../../worker/negotiation/entry.ts';
import { MAX_TEMPLATE, saidBy, TEMPLATE_USES, type Template, type TemplateVersion } from '../../worker/negotiation/lender/templates.ts';
import { PLACE_TYPES, PLACES, type Place } from '../../worker/negotiation/places.ts';
import { heard, isForbidden } from '../../worker/negotiation/said.ts';
import { asLanguage, LANGUAGES, type Language } from '../../worker/plan/languages.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { Crumb, DeskCrumb, WayBack } from '../parts/crumb.tsx';
import { AreaField, ErrorSummary, SelectField, TextField } from '../parts/fields.tsx';
import { INTO, TEMPLATE } from '../parts/template.tsx';
import { AS_IT_IS, type Filled, filled, TYPED, typedIn, type View } from '../parts/view.ts';
import { WordingNotes } from '../parts/wording.tsx';
import { authorName, authorOf } from '../telling/author.ts';
import { headed, momentText, type Words, wordsOf } from '../words/index.ts';
import { keptPlaces } from '../words/places.ts';

/** A lender's templates, and choosing one for a form of a case. */

type Lender = { slug: string; name: string };

export function TemplatesPage(props: {
  view: View;
  lender: Lender;
  templates: readonly Template[];
  unproven: boolean;
  /** Whether the reader may write them. */
  writes: boolean;
  form: Filled;
  done?: string;
}) {
  const { view, lender, templates, unproven, writes, form, done } = props;
  const { words } = view;
  const { templates: say } = words;
  const at = `/desk/${lender.slug}/templates`;
  const retired = templates.filter((one) => one.retired);
  return (
    <Layout view={view} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.lead}>{say.title}</PageTitle>
      <ErrorSummary form={form} words={words} />
      {done ? (
        <p class="notice" role="status">
          {done}
        </p>
      ) : null}
      {unproven ? <p class="notice bad">{words.institution.unproven}</p> : null}
      {templates.length === 0 ? <p class="soft">{say.none}</p> : null}
      {writes && templates.length === 0 ? (
        <form method="post" action={`${at}/begin`} class="card stack" data-once>
          <input type="hidden" name="requestId" value={view.requestId()} />
          <p class="hint">{say.startHint}</p>
          <p>
            <button type="submit">{say.start}</button>
          </p>
        </form>
      ) : null}
      {writes ? (
        <p class="actions">
          <a class="button primary" href={`${at}/new`}>
            {say.add}
          </a>
        </p>
      ) : (
        <p class="soft small">{say.readOnly}</p>
      )}
      {TEMPLATE_USES.map((use) => (
        <Named title={say.uses[use]} all={templates.filter((one) => !one.retired && one.use === use)} at={at} words={words} />
      ))}
      {retired.length > 0 ? (
        <details>
          <summary>{say.retiredTitle}</summary>
          <Named title={say.retiredTitle} all={retired} at={at} words={words} />
        </details>
      ) : null}
    </Layout>
  );
}

function Named({ title, all, at, words }: { title: string; all: readonly Template[]; at: string; words: Words }) {
  const { templates: say } = words;
  if (all.length === 0) return null;
  return (
    <section class="stack tight">
      <h2>{title}</h2>
      <ul class="list">
        {all.map(({ no, name, language, versions }) => (
          <li>
            <a href={`${at}/${no}`}>
              <span lang={wordsOf(language).language.code}>{name}</span>
              <span class="end soft small">
                {say.languages[language]} · {say.version({ version: versions.length })}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A version as it is read; `read` is null where it is not what was written. */
type VersionShown = { version: number; read: { said: TemplateVersion; entry: Recorded } | null };

/** One template: its form, or the text alone for who reads; a new one where `one` is not there. */
export function TemplatePage(props: {
  view: View;
  lender: Lender;
  form: Filled;
  writes: boolean;
  one?: { no: number; retired: boolean; shown: number; text: string | null; versions: readonly VersionShown[] };
}) {
  const { view, lender, form, writes, one } = props;
  const { words } = view;
  const { templates: say } = words;
  const at = `/desk/${lender.slug}/templates`;
  const title = one ? typedIn(form, 'name') : say.add;
  return (
    <Layout view={view} title={title} scripts={['wording']}>
      <WayBack to={at}>{say.title}</WayBack>
      <PageTitle>{title}</PageTitle>
      {one?.retired ? <p class="notice warn">{writes ? say.retiredHint : say.retired}</p> : null}
      {one && one.text === null ? <p class="notice bad">{say.unreadable}</p> : null}
      {one && one.shown < one.versions.length ? (
        <p class="notice">
          {say.olderShown} <a href={`${at}/${one.no}`}>{say.toNewest}</a>
        </p>
      ) : null}
      {writes ? <Write {...props} at={at} /> : <p class="card said">{one?.text}</p>}
      {one && writes && !one.retired ? (
        <form method="post" action={`${at}/${one.no}/retire`} data-once>
          <input type="hidden" name="requestId" value={view.requestId()} />
          <p>
            <button type="submit" class="quiet">
              {say.retire}
            </button>
          </p>
        </form>
      ) : null}
      {one ? <Versions {...one} at={at} words={words} /> : null}
    </Layout>
  );
}

function Versions({
  no,
  versions,
  shown,
  at,
  words,
}: {
  no: number;
  versions: readonly VersionShown[];
  shown: number;
  at: string;
  words: Words;
}) {
  const { templates: say } = words;
  return (
    <section class="stack tight" aria-labelledby="versions">
      <h2 id="versions">{say.versions}</h2>
      <ul class="list">
        {versions.toReversed().map(({ version, read }) => (
          <li>
            <a href={`${at}/${no}?version=${version}`} aria-current={version === shown ? 'page' : undefined}>
              <span>{say.version({ version })}</span>
              <span class="end soft small">
                {read
                  ? say.writtenBy({ name: authorName(authorOf(read.entry), words), at: momentText(words, read.entry.at) })
                  : say.unreadable}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Write({ view, form, at }: { view: View; form: Filled; at: string }) {
  const { words } = view;
  const { templates: say } = words;
  const hasErrors = Object.keys(form.errors).length > 0;
  const marked = hasErrors
    ? heard(
        saidBy({ text: keptPlaces(typedIn(form, 'text')), language: asLanguage(typedIn(form, 'language')) ?? LANGUAGES[0] }),
        'lender',
        null,
      ).marked
    : [];
  const isForbiddenText = marked.some(({ marks }) => marks.some((mark) => isForbidden('lender', mark)));
  const field = { form, words };
  return (
    <form method="post" action={at} id={TYPED} class="card" data-once>
      <ErrorSummary form={form} words={words} />
      <input type="hidden" name="requestId" value={view.requestId()} />
      <input type="hidden" name="no" value={typedIn(form, 'no')} />
      <input type="hidden" name="base" value={typedIn(form, 'base')} />
      <TextField {...field} name="name" label={say.name} hint={say.nameHint} />
      <SelectField {...field} name="use" label={say.use} options={TEMPLATE_USES} text={(use) => say.uses[use]} />
      <SelectField {...field} name="language" label={say.language} options={LANGUAGES} text={(one) => say.languages[one]} />
      <AreaField {...field} name="text" label={say.text} hint={say.textHint} rows={12} most={MAX_TEMPLATE} />
      <WordingNotes marked={marked} side="lender" affordable={null} words={words} />
      <p class="actions">
        <button type="submit" class="primary">
          {say.save}
        </button>
        {marked.length > 0 && !isForbiddenText ? (
          <button type="submit" name={AS_IT_IS} value="1">
            {say.saveAsItIs}
          </button>
        ) : null}
      </p>
      <PlaceList words={words} />
    </form>
  );
}

/** All that can be filled in, by its name, with what it is. */
function PlaceList({ words }: { words: Words }) {
  const { templates: say } = words;
  return (
    <section class="stack tight" aria-labelledby="places">
      <h2 id="places">{say.places}</h2>
      <p class="hint">{say.placesHint}</p>
      <dl class="pairs">
        {PLACES.map((place) => (
          <>
            <dt>{`{${say.placeOf[place]}}`}</dt>
            <dd>{say.types[PLACE_TYPES[place]]}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

/** A template as a case fills it in, or what the case does not have for it. */
export type Choice = { no: number; name: string; filled: { text: string } | { missing: readonly Place[] } };

/** The templates for a form of a case: choosing one puts its text into the form, which is then shown as it stands. */
export function ChooseTemplatePage(props: {
  view: View;
  id: string;
  number: string;
  command: string;
  /** The form as it was typed, which goes along. */
  values: ReadonlyMap<string, readonly string[]>;
  /** The fields into which a text can go, with their names; the first where there is one. */
  into: readonly { field: string; name: string }[];
  language: Language;
  /** The language of the other side. */
  theirs: Language;
  choices: readonly Choice[];
  /** Whether the reader may write templates, and where. */
  writeAt: string | null;
}) {
  const { view, id, number, command, values, into, language, theirs, choices, writeAt } = props;
  const { words } = view;
  const { templates: say } = words;
  const at = `/cases/${id}/templates/${command}`;
  const typedAt = `/cases/${id}/typed/${command}`;
  const other = LANGUAGES.find((one) => one !== language) ?? language;
  const fields = [...values].flatMap(([name, all]) => all.map((value) => <input type="hidden" name={name} value={value} />));
  const form = filled({});
  return (
    <Layout view={view} title={say.chooseTitle} typedAt={values.size > 0 ? typedAt : undefined}>
      <Crumb view={view} id={id} number={number} />
      <PageTitle lead={say.chooseLead}>{say.chooseTitle}</PageTitle>
      <p class="soft small">{say.theirs[theirs]}</p>
      {choices.length === 0 ? <p class="soft">{say.noneHere}</p> : null}
      <form method="post" action={at} id={TYPED} class="stack">
        {fields}
        {into.length > 1 ? (
          <SelectField
            form={form}
            words={words}
            name={INTO}
            label={say.into}
            options={into.map(({ field }) => field)}
            text={(field) => into.find((one) => one.field === field)?.name ?? field}
          />
        ) : null}
        {[...values].some(([name, all]) => name.endsWith('words') && all.some((text) => text !== '')) && choices.length > 0 ? (
          <p class="hint">{say.chooseReplaces}</p>
        ) : null}
        {choices.map(({ no, name, filled: text }) => (
          <section class="card stack tight" aria-labelledby={`t${no}`}>
            <h2 id={`t${no}`} lang={wordsOf(language).language.code}>
              {name}
            </h2>
            {'text' in text ? (
              <>
                <p class="said" lang={wordsOf(language).language.code}>
                  {text.text}
                </p>
                <p>
                  <button type="submit" name={TEMPLATE} value={no} aria-describedby={`t${no}`}>
                    {say.take}
                  </button>
                </p>
              </>
            ) : (
              <p class="notice warn">{say.missing({ places: text.missing.map((place) => say.placeOf[place]) })}</p>
            )}
          </section>
        ))}
        <p class="actions">
          <button type="submit" formaction={`${at}?in=${other}`} class="quiet">
            {say.inOther[other]}
          </button>
          <button type="submit" formaction={typedAt} class="quiet">
            {headed(words.templates.back)}
          </button>
          {writeAt === null ? null : <a href={writeAt}>{say.title}</a>}
        </p>
      </form>
    </Layout>
  );
}
