import { POSTS, type Post } from '../../worker/negotiation/seats.ts';
import { Layout, PageTitle } from '../layout.tsx';
import { DeskCrumb, WayBack } from '../parts/crumb.tsx';
import { ChoiceField, ErrorSummary, Submit, TextField } from '../parts/fields.tsx';
import { ProofFields } from '../parts/proof.tsx';
import { type Filled, filled, typedIn, type View, viewAt } from '../parts/view.ts';
import { dateText, momentText, type Words } from '../words/index.ts';

/** A lender's people, for its staff: who works there, invitations, and what may be changed about one of them. */

type Lender = { slug: string; name: string };
type Member = {
  account: string;
  name: string;
  /** Null for who may not manage people. */
  contact: string | null;
  capacity: Post;
  team: string | null;
  /** They came by a colleague's invitation, and nobody has vouched for them. */
  isInvited: boolean;
  since: string;
  hasFactor: boolean;
  isReader: boolean;
};

type StaffProps = {
  view: View;
  form: Filled;
  lender: Lender;
  members: readonly Member[];
  invited: readonly { id: string; to: string | null; capacity: Post; expiresAt: string }[];
  manages: boolean;
  /** Whether the reader gives cases to anybody. */
  handsOver: boolean;
  notice?: string | undefined;
};

/** Each capacity with what it does. */
const PostField = ({ form, words }: { form: Filled; words: Words }) => (
  <ChoiceField
    form={form}
    words={words}
    name="capacity"
    label={words.staff.capacity}
    options={POSTS}
    text={(post) => (
      <>
        {words.capacity[post]}
        <span class="hint">{words.staff.does[post]}</span>
      </>
    )}
  />
);

export function StaffPage({ view, form, lender, members, invited, manages, handsOver, notice }: StaffProps) {
  const { words } = view;
  const { staff: say } = words;
  const at = `/desk/${lender.slug}/staff`;
  return (
    <Layout view={viewAt(view, at)} title={say.title}>
      <DeskCrumb lender={lender} words={words} />
      <PageTitle lead={say.lead({ lender: lender.name })}>{say.title}</PageTitle>
      {notice ? (
        <p class="notice good" role="status">
          {notice}
        </p>
      ) : null}
      <p>
        <a href={`/desk/${lender.slug}/record`}>{say.log}</a>
        {handsOver ? (
          <>
            <br />
            <a href={`/desk/${lender.slug}/hand-over`}>{words.handOver.title}</a>
          </>
        ) : null}
        {manages ? (
          <>
            <br />
            <a href={`/desk/${lender.slug}/schedule`}>{words.sweep.title}</a>
          </>
        ) : null}
      </p>
      <section aria-labelledby="people" class="stack">
        <h2 id="people">{say.people}</h2>
        <ul class="list">
          {members.map((one) => (
            <li>
              {manages ? (
                <a href={`${at}/${one.account}`}>
                  <MemberLine one={one} words={words} />
                </a>
              ) : (
                <div class="item">
                  <MemberLine one={one} words={words} />
                </div>
              )}
            </li>
          ))}
        </ul>
      </section>
      {invited.length > 0 ? (
        <section aria-labelledby="invited" class="stack">
          <h2 id="invited">{say.invited}</h2>
          <ul class="list">
            {invited.map(({ id, to, capacity, expiresAt }) => (
              <li>
                <div class="item">
                  <span>
                    {to ?? words.capacity[capacity]}
                    <br />
                    <span class="soft small">
                      {words.capacity[capacity]} · {say.until({ at: momentText(words, expiresAt) })}
                    </span>
                  </span>
                  {manages ? (
                    <form method="post" action={`${at}/invitations/${id}`} class="inline end">
                      <button type="submit" class="quiet" aria-label={say.withdrawOf({ to: to ?? words.capacity[capacity] })}>
                        {say.withdraw}
                      </button>
                    </form>
                  ) : null}
                </div>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {manages ? (
        <section class="card" aria-labelledby="invite">
          <h2 id="invite">{say.invite}</h2>
          <form method="post" action={at} data-once>
            <ErrorSummary form={form} words={words} />
            <input type="hidden" name="requestId" value={view.requestId()} />
            <TextField form={form} words={words} name="contact" label={say.contact} hint={say.contactHint} />
            <PostField form={form} words={words} />
            <ProofFields form={form} view={view} label={words.account.currentPassword} />
            <Submit>{say.send}</Submit>
          </form>
        </section>
      ) : null}
    </Layout>
  );
}

const MemberLine = ({ one, words }: { one: Member; words: Words }) => (
  <>
    <span>
      <strong>{one.name}</strong>
      {one.isReader ? <span class="soft small"> {words.staff.you}</span> : null}
    </span>
    <span class="end">{words.capacity[one.capacity]}</span>
    <span class="soft small across">
      {[
        one.team,
        one.contact,
        words.staff.since({ at: dateText(words, one.since.slice(0, 10)) }),
        one.hasFactor ? null : words.staff.noFactor,
      ]
        .filter((part) => part !== null)
        .join(' · ')}
    </span>
  </>
);

type MemberProps = { view: View; lender: Lender; member: Member; seen: string; form: Filled; done: boolean };

/** One person. Each form says as whom they were seen (`seen`), so that nothing is changed about somebody who is not that any more. */
export function MemberPage({ view, lender, member, seen, form, done }: MemberProps) {
  const { words } = view;
  const { staff: say } = words;
  const at = `/desk/${lender.slug}/staff/${member.account}`;
  const sent = typedIn(form, 'form');
  const formFor = (name: string, otherwise: Record<string, string> = {}): Filled =>
    sent === name ? { ...form, scope: name } : { ...filled(otherwise), scope: name };
  const forms = [
    {
      name: 'change',
      title: say.change,
      act: say.change,
      lead: null,
      form: formFor('change', { capacity: member.capacity }),
      fields: (own: Filled) => <PostField form={own} words={words} />,
    },
    {
      name: 'team',
      title: say.team,
      act: say.saveTeam,
      lead: null,
      form: formFor('team', { team: member.team ?? '' }),
      fields: (own: Filled) => <TextField form={own} words={words} name="team" label={say.team} hint={say.teamHint} />,
    },
    ...(member.isInvited && !member.isReader
      ? [
          {
            name: 'vouch',
            title: say.vouch,
            act: say.vouch,
            lead: say.vouchText({ name: member.name }),
            form: formFor('vouch'),
            fields: null,
          },
        ]
      : []),
    ...(member.hasFactor && !member.isReader
      ? [{ name: 'reset', title: say.reset, act: say.reset, lead: say.resetText, form: formFor('reset'), fields: null }]
      : []),
    { name: 'end', title: say.end, act: say.end, lead: say.endText({ name: member.name }), form: formFor('end'), fields: null },
  ];
  return (
    <Layout view={view} title={member.name}>
      <WayBack to={`/desk/${lender.slug}/staff`}>{say.title}</WayBack>
      <PageTitle lead={`${words.capacity[member.capacity]} · ${member.contact ?? ''}`}>{member.name}</PageTitle>
      {done ? (
        <p class="notice good" role="status">
          {say.done}
        </p>
      ) : null}
      {sent && !forms.some(({ name }) => name === sent) ? <ErrorSummary form={form} words={words} /> : null}
      {forms.map((one) => (
        <details class="card" open={sent === one.name}>
          <summary>{one.title}</summary>
          <form method="post" action={`${at}/${one.name}`} data-once>
            {sent === one.name ? <ErrorSummary form={one.form} words={words} /> : null}
            {one.lead ? <p>{one.lead}</p> : null}
            <input type="hidden" name="seen" value={seen} />
            {one.fields?.(one.form) ?? null}
            <ProofFields form={one.form} view={view} label={words.account.currentPassword} />
            <p class="actions">
              <button type="submit" class={one.name === 'end' ? undefined : 'primary'}>
                {one.act}
              </button>
            </p>
          </form>
        </details>
      ))}
    </Layout>
  );
}
