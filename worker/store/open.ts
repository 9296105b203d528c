import { instant } from '../clock.ts';
import type { Env } from '../env.ts';
import { DEFAULT_POLICY, type HeldPolicy } from '../negotiation/policy.ts';
import type { AnyAdmission, DeskAdmission, OwnAdmission } from './admission.ts';
import { beginningsIn } from './beginnings.ts';
import { type CaseFile, caseFile, type Desk, type OwnBook, ownBook } from './case-file.ts';
import { type Casebook, casebook } from './casebook.ts';
import { connect, type Database } from './connect.ts';
import { type Directory, directory } from './directory.ts';
import { emptyStorage } from './files.ts';
import type { InstitutionBook } from './institution.ts';
import type { Lender } from './lenders.ts';
import { returnedIn } from './returned.ts';
import { type Seals, sealsOf } from './seals.ts';
import { unsentLock } from './unsent.ts';

export type { AnyAdmission, CaseAdmission, DeskAdmission, OwnAdmission } from './admission.ts';
export type { CaseFile, OwnBook } from './case-file.ts';
export type { Casebook } from './casebook.ts';
export type { Directory } from './directory.ts';
export type { Lender } from './lenders.ts';

/** What is opened by a connection and a ring is made once for them, as it holds nothing of any request. */
function once<Made>(make: (db: Database, seals: Seals, name: string) => Made): typeof make {
  const made = new WeakMap<Database, WeakMap<Seals, Map<string, Made>>>();
  return (db, seals, name) => {
    const byRing = made.get(db) ?? new WeakMap<Seals, Map<string, Made>>();
    made.set(db, byRing);
    const byName = byRing.get(seals) ?? new Map<string, Made>();
    byRing.set(seals, byName);
    const opened = byName.get(name) ?? make(db, seals, name);
    byName.set(name, opened);
    return opened;
  };
}
const directoryOf = once(directory);
const casebookOf = once(casebook);

export const directoryAt = ({ directory: { url, token, network } }: Pick<Env, 'directory'>): Database => connect(url, token, network);

/** The directory of an installation: what of it the ring of keys has sealed. */
export function openDirectory(env: Pick<Env, 'directory' | 'keys'>): Directory {
  return directoryOf(directoryAt(env), sealsOf(env.keys), '');
}

/** Whether a case can be begun with a lender. */
export const takesCases = ({ pausedAt }: Pick<Lender, 'pausedAt'>): boolean => pausedAt === null;

/** What people have begun before they have an account. */
export const openBeginnings = (env: Pick<Env, 'directory'>) => beginningsIn(directoryAt(env));

/** Forms that came back, for the pages that show them. */
export const openReturned = (env: Pick<Env, 'directory'>) => returnedIn(directoryAt(env));

/** What a lender publishes: what a plan is held against by who has no account yet. One that is not as the portal wrote it is none. */
export async function publishedPolicy(env: Settings, lender: Lender): Promise<HeldPolicy> {
  const { value, proven } = await openCasebookForPortal(env, lender).policy();
  return proven ? value : DEFAULT_POLICY;
}

/** What a lender publishes to anybody, and since when it holds; null where it is not as the portal wrote it. */
export async function publishedBy(env: Settings, lender: Lender): Promise<{ policy: HeldPolicy; since: string | null } | null> {
  const now = instant();
  const versions = await openCasebookForPortal(env, lender).policyVersions();
  const [one, ...others] = versions.filter(
    ({ row }) => (row.holdsFrom === null || row.holdsFrom <= now) && (row.holdsUntil === null || row.holdsUntil > now),
  );
  return one?.held && others.length === 0 ? { policy: one.held, since: one.row.holdsFrom } : null;
}

/** The logo that a lender publishes now, where it is the one of this digest. */
export async function publishedLogo(env: Settings, lender: Lender, sha256: string) {
  const published = await publishedBy(env, lender);
  return published?.policy.lender.logo?.sha256 === sha256 ? openCasebookForPortal(env, lender).logo(sha256) : null;
}

/** By what the case of a contract may be joined that a lender opened of its books, which one, and who has: all that whoever asks to join is held against. */
export const claimOnCase = (env: Settings, lender: Lender, caseId: string) => openCasebookForPortal(env, lender).claimOn(caseId);

/** The file of one case, for one who has been admitted to it. */
export function openCaseFile(env: Settings, { lender, case: id, seat }: AnyAdmission): CaseFile {
  return caseFile(openCasebookForPortal(env, lender), id, seat, unsentLock(env, id, seat.account));
}

/** What a person has with a lender themselves. */
export function openOwn(env: Settings, { lender, account, cases }: OwnAdmission): OwnBook {
  return ownBook(openCasebookForPortal(env, lender), account, cases);
}

/** A lender's desk, for its staff. */
export function openDesk(env: Settings, { lender }: DeskAdmission): Desk {
  return openCasebookForPortal(env, lender);
}

/** A lender's own stream, for its staff. */
export function openInstitution(env: Settings, { lender }: DeskAdmission): InstitutionBook {
  return openInstitutionForPortal(env, lender);
}

/** The same for the portal itself, which tells there what its people did. */
export function openInstitutionForPortal(env: Settings, lender: Lender): InstitutionBook {
  return { ...openCasebookForPortal(env, lender).institution, paused: lender.pausedAt !== null };
}

/** Lets go of what a lender's casebook says is to leave storage by `now`, whoever forgot it: it shows nothing to anybody. */
export function emptyStorageOf(env: Settings & Pick<Env, 'files'>, lender: Lender, now: string): Promise<boolean> {
  return emptyStorage(env.files, lender.slug, openCasebookForPortal(env, lender), now);
}

/** A whole casebook, for the portal itself: jobs and commands of the operator, which show nothing of it to anybody. */
export function openCasebookForPortal(env: Settings, lender: Pick<Lender, 'url' | 'slug'>): Casebook {
  return casebookOf(connect(casebookUrl(env, lender), env.casebookToken, env.directory.network), sealsOf(env.keys), lender.slug);
}

/** Where a casebook is: an address without a host (`/casebook-acme/`) is on the directory's own server. */
export function casebookUrl({ directory: { url: base } }: Pick<Env, 'directory'>, { url }: Pick<Lender, 'url'>): string {
  const known = addresses.get(base)?.get(url);
  if (known !== undefined) return known;
  const { href } = new URL(url, base);
  const ofBase = addresses.get(base) ?? new Map<string, string>();
  if (ofBase.size >= MOST_ADDRESSES) ofBase.clear();
  addresses.set(base, ofBase.set(url, href));
  return href;
}

/** Addresses of casebooks that were worked out, by the directory's own; an installation has one. */
const addresses = new Map<string, Map<string, string>>();
const MOST_ADDRESSES = 200;

type Settings = Pick<Env, 'directory' | 'casebookToken' | 'keys'>;
