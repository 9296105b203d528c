import { CONSENT, evidence } from '../../web/pages/opening/evidence.tsx';
import { refusalText } from '../../web/words/index.ts';
import { instant } from '../clock.ts';
import { FILES_AT_ONCE } from '../negotiation/evidence.ts';
import { type Typed, typed } from '../negotiation/form.ts';
import { putFile } from '../store/files.ts';
import { dropFile, fits, MAX_DRAFT_FILES, type Opening, type Owned } from './drafts.ts';
import { beginOwned, pathOf, show, standingOf, supportsOf, tryToSave } from './opening-page.ts';
import { type C, formData } from './portal.ts';
import { refusedAt, returnedForm, type Said, statusOf } from './returned.ts';
import { received, type Sent, uploadText } from './uploads.ts';

/** The files of a draft: they come with their form, are stored at once, and go with the draft. */

export async function takeFiles(c: C) {
  const at = await beginOwned(c);
  const data = await formData(c);
  const values = typed(data);
  const action = values.get('action')?.[0] ?? 'continue';
  const known = supportsOf(at.draft.values);
  if (action.startsWith('remove:')) return removeFile(c, at, action.slice(7));
  const sent = await received(data);
  const agreed = at.draft.values.has(CONSENT) || values.get(CONSENT)?.[0] === 'yes';
  if (sent.files.length > 0 && !agreed) {
    return again(c, at, values, (words) => ({ [CONSENT]: refusalText(words, { code: 'consent.needed' }) }));
  }
  const { files, refused } = withRoom(sent, known);
  if (files.length > 0 && !(await fits(at, files))) {
    const most = { count: FILES_AT_ONCE, mb: MAX_DRAFT_FILES / (1024 * 1024) };
    return again(c, at, values, ({ opening }) => ({ files: opening.filesTooMany(most) }));
  }
  let kept: Opening = at;
  // Files of a draft that is older than consent wait for it alone.
  const isAgreedNow = agreed && !at.draft.values.has(CONSENT) && known.size > 0;
  if (files.length > 0 || isAgreedNow) {
    const stored = files.map(({ bytes: _, ...file }) => ({ ...file, case: at.draft.case, at: instant() }));
    // Known before they are stored, so that whatever happens they can be found and taken away again.
    if (stored.length > 0) await at.own.addFiles(stored);
    await Promise.all(files.map((file) => putFile(c.var.env.files, { case: at.draft.case, lender: at.lender.slug }, file)));
    for (const { sha256 } of files) known.set(sha256, [...(values.get('figures') ?? [])]);
    const saved = await tryToSave(c, withFiles(at, known, agreed), 'check');
    if ('fault' in saved) return show(c, at, evidence, { form: { values, errors: { '': saved.fault } } }, saved.status);
    kept = saved;
  }
  const turned = c.req.query('language') !== undefined;
  if (refused.length > 0 || (files.length === 0 && action === 'upload' && !turned && !isAgreedNow))
    return again(c, kept, values, (words) => ({ files: uploadText(words, 'borrower', { files, refused }, FILES_AT_ONCE) }));
  if (turned) return again(c, kept, values, () => ({}));
  return c.redirect(pathOf(at, action === 'continue' || action === 'back' ? 'check' : 'evidence'), 303);
}

/** The step again, as it was refused, at an address of its own. Of files nothing comes back: those that could be kept are in the draft. */
function again(c: C, at: Opening, values: Typed, said: Said) {
  return refusedAt(c, pathOf(at, evidence.name), values, said, (form) => show(c, at, evidence, { form }, statusOf(form)));
}

/** The same, as it was kept. */
export async function showFiles(c: C, at: Opening) {
  const form = await returnedForm(c, pathOf(at, evidence.name));
  return show(c, at, evidence, { form: form ?? evidence.form(standingOf(c, at)) }, form ? statusOf(form) : 200);
}

/** Of what was sent, the files that are not chosen yet and for which there is room. */
function withRoom({ files, refused }: Sent, chosen: ReadonlyMap<string, unknown>): Sent {
  const fresh = files.filter(({ sha256 }) => !chosen.has(sha256));
  const room = Math.max(0, FILES_AT_ONCE - chosen.size);
  const known = files.filter(({ sha256 }) => chosen.has(sha256));
  return {
    files: fresh.slice(0, room),
    refused: [
      ...refused,
      ...known.map(({ name }) => ({ code: 'known' as const, name })),
      ...fresh.slice(room).map(({ name }) => ({ code: 'full' as const, name })),
    ],
  };
}

/** The same draft with these files, and whether its borrower consented to them. */
function withFiles(at: Owned, files: ReadonlyMap<string, readonly string[]>, agreed: boolean): Opening {
  const values = new Map<string, readonly string[]>([...at.draft.values].filter(([name]) => !evidence.owns.test(name)));
  if (agreed) values.set(CONSENT, ['yes']);
  for (const [i, [sha256, figures]] of [...files].entries()) {
    values.set(`evidence.files.${i}.sha256`, [sha256]);
    if (figures.length > 0) values.set(`evidence.files.${i}.figures`, figures);
  }
  return { ...at, draft: { ...at.draft, values } };
}

async function removeFile(c: C, at: Owned, sha256: string) {
  const files = supportsOf(at.draft.values);
  files.delete(sha256);
  // With the last of them goes what was consented to: it is asked anew with the next.
  const without = withFiles(at, files, files.size > 0 && at.draft.values.has(CONSENT));
  await dropFile(c, at, sha256);
  const kept = await tryToSave(c, without, 'check');
  if ('fault' in kept) {
    const values: Typed = without.draft.values;
    return show(c, without, evidence, { form: { values, errors: { '': kept.fault } } }, kept.status);
  }
  return c.redirect(pathOf(at, 'evidence'), 303);
}
