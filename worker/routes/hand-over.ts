import { Hono } from 'hono';
import { HandOverPage, type Holder } from '../../web/pages/hand-over.tsx';
import { BLANK, type Filled } from '../../web/parts/view.ts';
import { faultsText, refusalText } from '../../web/words/index.ts';
import { announceNow } from '../execute/announce.ts';
import { handOver } from '../execute/hand-over.ts';
import { commands as assignment, TO_TEAM, takersOf } from '../negotiation/assignment.ts';
import { readForm, type Typed } from '../negotiation/form.ts';
import { type Employed, works } from '../negotiation/seats.ts';
import { admitFromDesk } from '../store/admission.ts';
import { type DeskAdmission, openCaseFile, openDesk } from '../store/open.ts';
import { value } from './arrival.ts';
import { instruments, requestIdOf } from './give.ts';
import { deskWith } from './institution.ts';
import { unkept } from './kept.ts';
import { type C, formOf, type Portal, page } from './portal.ts';
import { refusedAt, returnedForm, retyped, type Said, statusOf } from './returned.ts';

/** All cases of one person, such as one who has left, or of a team go to another: step by step, each answered before the next, so that no request takes long. */

export const handOverRoutes = new Hono<Portal>();

const AT = '/desk/:lender/hand-over' as const;

const pathOf = ({ lender }: DeskAdmission) => `/desk/${lender.slug}/hand-over`;

/** Cases of one step. */
const STEP = 100;
/** What somebody who holds cases is told by where it is no team. */
type Colleagues = ReadonlyMap<string, Employed>;

/** Who holds cases, and how many: people who are here, those who have left, and teams whose cases are nobody's. */
function holdersOf(held: Awaited<ReturnType<ReturnType<typeof openDesk>['holders']>>, colleagues: Colleagues): Holder[] {
  return held.map(({ account, team, name, count }) => {
    if (account === null) return { key: TO_TEAM + team, name: team ?? '', count, is: 'team' };
    const here = colleagues.get(account);
    return { key: account, name: here?.name ?? name ?? '', count, is: here && works(here.capacity) ? 'here' : 'gone' };
  });
}

type Shown = { form?: Filled; told?: Parameters<typeof HandOverPage>[0]['told'] };

async function show(c: C, admission: DeskAdmission, colleagues: Colleagues, { form = BLANK, told }: Shown = {}) {
  const holders = holdersOf(await openDesk(c.var.env, admission).holders(), colleagues);
  return page(
    c,
    HandOverPage({ view: c.var.view, lender: admission.lender, holders, ...takersOf(colleagues), form, told }),
    statusOf(form),
  );
}

handOverRoutes.get(AT, async (c) => {
  const admission = deskWith(c, 'reassign');
  const from = c.req.query('from');
  const form = (await returnedForm(c, pathOf(admission))) ?? (from ? { ...BLANK, values: new Map([['from', [from]]]) } : BLANK);
  return show(c, admission, await c.var.directory.colleagues(admission.lender.id), { form });
});

handOverRoutes.post(`${AT}/typed`, async (c) => {
  const admission = deskWith(c, 'reassign');
  const colleagues = await c.var.directory.colleagues(admission.lender.id);
  return retyped(c, pathOf(admission), unkept(await formOf(c)), (form) => show(c, admission, colleagues, { form }));
});
handOverRoutes.get(`${AT}/typed`, (c) => c.redirect(pathOf(deskWith(c, 'reassign')), 303));

handOverRoutes.post(AT, async (c) => {
  const values = await formOf(c);
  const admission = deskWith(c, 'reassign');
  const { words } = c.var.view;
  const book = openDesk(c.var.env, admission);
  const colleagues = await c.var.directory.colleagues(admission.lender.id);
  const again = (said: Said) => refusedAt(c, pathOf(admission), values, said, (form) => show(c, admission, colleagues, { form }));
  const from = value(values, 'from');
  const read = readForm(assignment.assign.input, values);
  const isHolder = holdersOf(await book.holders(), colleagues).some(({ key }) => key === from);
  const begun = value(values, 'after') !== '';
  const isKnown = isHolder || begun;
  if (!read.ok || !isKnown)
    return again((said) => ({
      ...(isKnown ? {} : { from: said.issue.missing }),
      ...(read.ok ? {} : faultsText(said, read.issues)),
    }));
  const { to } = read.input;
  if (to === from) return again((said) => ({ to: said.handOver.same }));
  const of = from.startsWith(TO_TEAM) ? { team: from.slice(TO_TEAM.length) } : { account: from };
  const some = await book.heldBy(of, STEP + 1, value(values, 'after'));
  const step = some.slice(0, STEP).map((one) => ({ ...one, to }));
  const requestId = requestIdOf(values);
  const casefile = (id: string) => openCaseFile(c.var.env, admitFromDesk(admission, id));
  const done = await handOver(step, { admission, casefile, requestId, colleagues, ...(await instruments(c)) });
  if (done.some(({ became }) => became === 'given')) c.executionCtx.waitUntil(announceNow(c.var.env, admission.lender));
  const counted = (name: string) => countIn(values, name);
  const given = counted('given') + done.filter(({ became }) => became === 'given' || became === 'same').length;
  const refused = done.flatMap(({ id, number, became }) =>
    became === 'given' || became === 'same'
      ? []
      : [{ id, number, why: became === 'failed' ? words.handOver.failed : refusalText(words, became) }],
  );
  const told = {
    given,
    refused,
    left: counted('left') + refused.length,
    after: some.length > STEP ? (step.at(-1)?.id ?? '') : null,
    requestId,
  };
  return show(c, admission, colleagues, { told, ...(told.after === null ? {} : { form: { values, errors: {} } }) });
});

/** A count that the form carries on; 0 for anything else. */
function countIn(values: Typed, name: string): number {
  const typed = value(values, name);
  return /^\d{1,7}$/.test(typed) ? Number(typed) : 0;
}
