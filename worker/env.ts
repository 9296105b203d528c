import type { R2Bucket } from '@cloudflare/workers-types';
import * as z from 'zod';
import { type CarrierSettings, type Carriers, isOwn, isReached, readCarriers, type SendBinding } from './carriers.ts';
import { Added } from './plan/law/mediators.ts';
import { DocumentKey } from './record/certificates.ts';
import { Instant, PublicKey } from './record/format.ts';
import type { StoredKey } from './record/keys.ts';

/** What the worker is given: bindings of the platform and settings. Read once, checked, with a message that says what to set. */
export type Bindings = CarrierSettings & {
  DIRECTORY_URL: string;
  DIRECTORY_TOKEN?: string;
  CASEBOOK_TOKEN?: string;
  SIGNING_KEYS: string;
  DOCUMENT_KEY: string;
  ORIGIN: string;
  DEVELOPMENT?: string;
  FRONT_SECRET?: string;
  TSA_URL?: string;
  MEDIATORS?: string;
  FILES: R2Bucket;
  ASSETS: { fetch(request: Request | string): Promise<Response> };
  NETWORK?: Network;
  JOBS?: { sendBatch(messages: { body: unknown; delaySeconds?: number }[]): Promise<unknown> };
  SEND_EMAIL?: SendBinding;
  FLOOD?: { limit(options: { key: string }): Promise<{ success: boolean }> };
};

/** A way to other servers that leads past what else looks at a worker's requests, where the platform has one. */
export type Network = {
  fetch(
    address: string,
    init: { method: string; headers: HeadersInit; body: Uint8Array<ArrayBuffer>; signal?: AbortSignal },
  ): Promise<Response>;
};

/** How long a database is waited for, in milliseconds: one that hangs is as one that is away. */
const PATIENCE = 30_000;

/** A network on which nobody waits for an answer for longer than so many milliseconds. */
export const patient = (network: Network, milliseconds = PATIENCE): Network => ({
  fetch: (address, init) => network.fetch(address, { ...init, signal: AbortSignal.timeout(milliseconds) }),
});

export type Env = {
  directory: { url: string; token: string | undefined; network?: Network | undefined };
  casebookToken: string | undefined;
  keys: StoredKey[];
  /** With what PDFs are signed. */
  documents: DocumentSigner;
  /** Where the portal is, without a slash at the end: links in mail are made from it, never from a request's Host. */
  origin: string;
  /** A development machine: cookies travel over plain HTTP, faults are shown in full. */
  development: boolean;
  /** Whether codes and letters can be read at /dev/outbox: on a development machine from which none leave. */
  outbox: boolean;
  /** Whether codes and notices reach a mobile number: not where mail leaves and short messages do not. */
  reachesPhones: boolean;
  /** By which ways letters leave. */
  carriers: Carriers;
  /** What the door of a single machine adds to each request, where there is one: nobody else on the machine speaks to the worker. */
  frontSecret: string | undefined;
  files: R2Bucket;
  assets: Bindings['ASSETS'];
  flood: Bindings['FLOOD'];
  /** The service of time stamps (RFC 3161) that anchors get one of; null where there is none. */
  tsa: string | null;
  /** Organisations that mediate, beside those of the table (`plan/law/mediators.ts`). */
  mediators: Added;
  /** Where what the schedule comes to is handed in, in pieces; without it they are done one after the other. */
  jobs: Bindings['JOBS'];
};

const Keys = z.array(PublicKey.extend({ privateKey: z.string().min(1), revoked: Instant.optional() })).min(1);

export type DocumentSigner = DocumentKey;

export const isLoopback = isOwn;

const Settings = z.object({
  DIRECTORY_URL: z.url({ error: 'the address of the directory database, such as libsql://directory-….turso.io' }),
  DIRECTORY_TOKEN: z.string().optional(),
  CASEBOOK_TOKEN: z.string().optional(),
  ORIGIN: z.url({ error: 'the public address of the portal, such as https://heyi.example' }),
  DEVELOPMENT: z.string().optional(),
  FRONT_SECRET: z.string().optional(),
  TSA_URL: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })], {
      error: 'the address of a service of time stamps (RFC 3161), such as https://tsa.example',
    })
    .optional(),
  DOCUMENT_KEY: z.string({
    error: 'the key and certificate of the PDFs: make one with `npm run --silent keys -- document`, set it as a secret',
  }),
  SIGNING_KEYS: z.string({ error: 'the ring of signing keys: make one with `npm run keys -- make`, set it as a secret' }),
});

const read = new WeakMap<object, Env>();

/** The checked settings. @throws an error that names each setting that is missing or wrong, and what to set */
export function readEnv(bindings: Bindings): Env {
  const known = read.get(bindings);
  if (known) return known;
  const settings = Settings.safeParse(bindings);
  if (!settings.success) {
    throw new Error(`Settings: ${settings.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
  }
  const { DIRECTORY_URL, DIRECTORY_TOKEN, CASEBOOK_TOKEN, ORIGIN, DEVELOPMENT, FRONT_SECRET, TSA_URL, SIGNING_KEYS, DOCUMENT_KEY } =
    settings.data;
  if (DEVELOPMENT === '1' && !ORIGIN.startsWith('http:')) {
    throw new Error(
      'Settings: DEVELOPMENT shows codes and letters to whoever asks: it is for an ORIGIN such as http://127.0.0.1:8787. Unset it.',
    );
  }
  const carriers = readCarriers(bindings, bindings.SEND_EMAIL);
  const env: Env = {
    directory: { url: DIRECTORY_URL, token: DIRECTORY_TOKEN, network: patient(bindings.NETWORK ?? globalThis) },
    casebookToken: CASEBOOK_TOKEN,
    keys: readSetting(Keys, SIGNING_KEYS, 'SIGNING_KEYS: not a ring of keys as `npm run keys -- make` writes it'),
    documents: readSetting(DocumentKey, DOCUMENT_KEY, 'DOCUMENT_KEY: not a key with certificates as `npm run keys -- document` writes it'),
    origin: ORIGIN.replace(/\/$/, ''),
    development: DEVELOPMENT === '1',
    outbox: DEVELOPMENT === '1' && carriers.mail === null && carriers.text === null,
    reachesPhones: isReached(carriers, 'phone'),
    carriers,
    frontSecret: FRONT_SECRET || undefined,
    files: bindings.FILES,
    assets: bindings.ASSETS,
    flood: bindings.FLOOD,
    tsa: TSA_URL || null,
    mediators: bindings.MEDIATORS
      ? readSetting(Added, bindings.MEDIATORS, 'MEDIATORS: not a list of organisations as README.md describes it')
      : [],
    jobs: bindings.JOBS,
  };
  read.set(bindings, env);
  return env;
}

function readSetting<S extends z.ZodType>(schema: S, text: string, fault: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Error(`Settings: ${fault}`);
  }
}
