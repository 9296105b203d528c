import { expect, test } from 'vitest';
import { wordsOf } from '../../web/words/index.ts';
import { narrated } from '../../worker/export/narrative.ts';
import { LIN, opened, type Play, XIAOYU } from './play.ts';

/** Separate consent before the first paper of the borrower's: asked apart, given by them alone, taken back at any time; nothing of the talks depends on it. */

const FILE = { sha256: 'a'.repeat(64), size: 10, type: 'application/pdf', name: '工资单.pdf' };
const MAIL = { sha256: 'b'.repeat(64), size: 10, type: 'message/rfc822', name: 'mail.eml' };

function begun(): Play {
  const play = opened();
  for (const file of [FILE, MAIL]) play.files.set(file.sha256, file);
  return play;
}
const paper = { files: [{ sha256: FILE.sha256 }] };

test('no paper is taken in without it, and a refused one leaves nothing; with it, both stand in the record', () => {
  const play = begun();
  const before = play.kase.seq;
  expect(play.give(XIAOYU, 'evidence.add', paper)).toBe('consent.needed');
  expect(play.give(XIAOYU, 'evidence.add', { ...paper, consent: false })).toBe('consent.needed');
  expect(play.kase.seq).toBe(before);
  expect(play.give(XIAOYU, 'evidence.add', { ...paper, consent: true })).toEqual(['consent.given', 'evidence.added']);
});

test('what it says: what for, who sees it, how long, that refusing has no bad effect, and that it can be taken back', () => {
  const play = begun();
  play.give(XIAOYU, 'consent.give', { consent: true });
  const entry = play.entries.at(-1) ?? expect.fail();
  const { lines } = narrated({ ...entry, hash: '' }, play.kase, wordsOf('zh'));
  const { consent: say } = wordsOf('zh');
  expect(lines).toEqual([say.what, say.purpose, say.seen, say.kept({ years: play.policy.retentionYears }), say.free, say.back]);
});

test('the lender’s own papers need none; who acts for the borrower cannot give it for them, and adds papers once it is there', () => {
  const play = begun();
  expect(play.give(LIN, 'evidence.add', paper)).toEqual(['evidence.added']);
  expect(play.give(LIN, 'consent.give', { consent: true })).toBe('seat.may-not');
  const mei = { side: 'borrower', capacity: 'representative', account: 'm', name: '梅律师', scope: 'sign' } as const;
  const other = { files: [{ sha256: MAIL.sha256 }], consent: true };
  expect(play.give(mei, 'consent.give', { consent: true })).toBe('seat.may-not');
  expect(play.give(mei, 'evidence.add', other)).toMatch(/consent\.needed|seat\.may-not/);
});

test('taken back, no more are taken in, those that are there stay, and the talks go on; given again, they are', () => {
  const play = begun();
  play.give(XIAOYU, 'evidence.add', { ...paper, consent: true });
  expect(play.give(XIAOYU, 'consent.give', { consent: true })).toBe('consent.given-already');
  expect(play.give(XIAOYU, 'consent.withdraw', { words: '不想再提供。' })).toEqual(['consent.withdrawn']);
  expect(play.give(XIAOYU, 'consent.withdraw', {})).toBe('consent.none');
  const other = { files: [{ sha256: MAIL.sha256 }] };
  expect(play.give(XIAOYU, 'evidence.add', other)).toBe('consent.needed');
  expect(play.kase.evidence[FILE.sha256]?.state).toBe('added');
  expect(play.give(XIAOYU, 'talk.message', { words: '继续协商。' })).toEqual(['talk.message']);
  expect(play.give(XIAOYU, 'evidence.add', { ...other, consent: true })).toEqual(['consent.given', 'evidence.added']);
});

test('a mail of words alone is a message and needs none; with something attached, kept or not, it is not taken in', () => {
  const mail = { words: '收到。', said: { words: '收到。' }, mail: MAIL.sha256, files: [], left: [] };
  expect(begun().give(XIAOYU, 'talk.receiveMail', mail)).toEqual(['talk.mail-received', 'evidence.added']);
  expect(begun().give(XIAOYU, 'talk.receiveMail', { ...mail, files: [FILE.sha256] })).toBe('consent.needed');
  expect(begun().give(XIAOYU, 'talk.receiveMail', { ...mail, left: ['病历.zip'] })).toBe('consent.needed');
});
