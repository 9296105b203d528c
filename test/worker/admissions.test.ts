import { expect, test } from 'vitest';
import type { Seat } from '../../worker/negotiation/seats.ts';
import { admitOwn, admitToOpen, caseOf } from '../../worker/store/admission.ts';
import { type CaseAdmission, type CaseFile, type OwnAdmission, type OwnBook, openCaseFile, openDesk } from '../../worker/store/open.ts';

/** An admission opens what it is for. What else somebody might call does not compile: where one of these begins to, `npm run check` fails. */

const LENDER = { id: 'l', slug: 'mingheng', name: '明衡', url: '/casebook-mingheng/', pausedAt: null };
const XIAOYU = { id: 'b', name: '王小雨' };
const env = { directory: { url: 'http://127.0.0.1:1/directory/', token: undefined }, casebookToken: undefined, keys: [] };

test('who opens a case is admitted to that one: its id follows from who they are, and theirs cannot be another’s', () => {
  const admission = admitToOpen(XIAOYU, LENDER, 'a'.repeat(32));
  expect(admission.case).toBe(caseOf(XIAOYU, LENDER, 'a'.repeat(32)));
  expect(admission.case).not.toBe(caseOf({ id: 'other' }, LENDER, 'a'.repeat(32)));
  expect(Object.keys(openCaseFile(env, admission)).sort()).toEqual([
    'append',
    'awaitFiles',
    'gone',
    'id',
    'keepReader',
    'keepUnsent',
    'load',
    'openUnsent',
    'published',
    'read',
    'record',
    'writes',
  ]);
});

test('and a list of a lender’s cases is nothing that they could call for', () => {
  const wrong = [
    // @ts-expect-error: the file of one case has no list
    (file: CaseFile) => file.list({}),
    // @ts-expect-error: nor does it read a case by its id
    (file: CaseFile) => file.read('f'.repeat(32)),
    // @ts-expect-error: what a person has begun is no way into a record
    (own: OwnBook) => own.record(),
    // @ts-expect-error: leave to one case is none to the desk
    (admission: CaseAdmission) => openDesk(env, admission),
    // @ts-expect-error: nor is leave to one's own beginnings leave to a case
    (admission: OwnAdmission) => openCaseFile(env, admission),
    // @ts-expect-error: nobody but the directory makes an admission
    (seat: Seat) => openCaseFile(env, { to: 'case', case: 'x', lender: LENDER, seat }),
  ];
  expect(wrong).toHaveLength(6);
  expect(admitOwn(XIAOYU, LENDER)).toMatchObject({ to: 'own', account: 'b', cases: [] });
});

test('a case file takes nothing of another case', () => {
  const file = openCaseFile(env, admitToOpen(XIAOYU, LENDER, 'open'));
  const header = { id: 'f'.repeat(32), lender: 'mingheng', number: 'HY-1', openedAt: '' };
  const projection = {} as NonNullable<Parameters<CaseFile['append']>[0]['written']>['projection'];
  const request = { id: 'r', digest: '', outcome: {}, at: '' };
  const rest = { entries: [], checkpoints: [], milestones: { put: [], turn: [], drop: [] }, notices: [], files: [] };
  expect(() => file.append({ request, written: { header, projection }, ...rest })).toThrow('of its case');
});
