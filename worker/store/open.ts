import type { Env } from '../env.ts';
import { type Casebook, casebook } from './casebook.ts';
import { connect } from './connect.ts';
import { type Admission, type Directory, directory, type Lender } from './directory.ts';
import { sealsOf } from './seals.ts';

export type { Casebook } from './casebook.ts';
export type { Admission, Directory, Lender } from './directory.ts';

/** The directory of an installation. */
export function openDirectory(env: Pick<Env, 'directory'>): Directory {
  return directory(connect(env.directory.url, env.directory.token));
}

/** A casebook, for one who has been admitted to it: whoever holds a casebook has already been let in. */
export function openCasebook(env: Settings, admission: Admission): Casebook {
  return openCasebookForPortal(env, admission.lender);
}

/** A casebook for the portal itself: jobs and commands of the operator, which show nothing of it to anybody. */
export function openCasebookForPortal(env: Settings, lender: Pick<Lender, 'url' | 'slug'>): Casebook {
  return casebook(connect(casebookUrl(env, lender), env.casebookToken), sealsOf(env.keys), lender.slug);
}

/** Where a casebook is: an address without a host (`/casebook-acme/`) is on the directory's own server. */
export function casebookUrl(env: Pick<Env, 'directory'>, lender: Pick<Lender, 'url'>): string {
  return new URL(lender.url, env.directory.url).href;
}

type Settings = Pick<Env, 'directory' | 'casebookToken' | 'keys'>;
