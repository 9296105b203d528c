import { FactorPage, FactorSetUpPage } from '../../web/pages/factor.tsx';
import type { Filled } from '../../web/parts/view.ts';
import { contactIn, shownContact } from '../contact.ts';
import { factorUri, lockedSecret, newSecret, unlockedSecret } from '../factor.ts';
import type { Visit } from '../store/admission.ts';
import { type C, page } from './portal.ts';

/** The page by which a person gives their second factor; or, where they have none yet, sets it up. */
export async function factorPage(c: C, visit: Visit, form: Filled, status: 200 | 401 | 422 = 200) {
  const { env, view } = c.var;
  if (visit.factor) return page(c, FactorPage({ view, form }), status);
  const { account } = visit;
  // The secret that is about to be set up is kept in the page, encrypted, so that looking at it changes nothing.
  const brought = await unlockedSecret(env.keys, account.id, form.values.get('secret')?.[0] ?? '');
  const secret = brought ?? newSecret();
  const locked = await lockedSecret(env.keys, account.id, secret);
  const uri = factorUri(secret, view.words.brand, shownContact(contactIn(account)));
  return page(c, FactorSetUpPage({ view, form, uri, secret, locked, owed: c.var.owing !== null }), status);
}
