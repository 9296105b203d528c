import { app } from './app.ts';
import { type Bindings, readEnv } from './env.ts';
import { MAIL_BYTES, receiveMail } from './inbound/receive.ts';
import { Job } from './jobs/job.ts';
import { sweep, takeJob } from './jobs/sweep.ts';

/** A batch of messages, as the platform's queue brings it. */
type Batch = { messages: readonly { body: unknown; ack(): void; retry(): void }[] };

/** A mail, as the platform's mail routing brings it: what is thrown has the sender's server try again. */
type Mail = { to: string; raw: ReadableStream<Uint8Array>; rawSize: number; setReject(why: string): void };

/** The doors of the worker. */
export default {
  fetch: app.fetch,
  scheduled: async (_event: unknown, bindings: Bindings): Promise<void> => sweep(readEnv(bindings)),
  /** Each message by itself, beside the others: one that failed comes again, one that says nothing that is known here does not. */
  queue: async ({ messages }: Batch, bindings: Bindings): Promise<void> => {
    const env = readEnv(bindings);
    const take = async (message: Batch['messages'][number]) => {
      const job = Job.safeParse(message.body);
      if (!job.success || (await takeJob(env, job.data))) message.ack();
      else message.retry();
    };
    await Promise.all(messages.map(take));
  },
  email: async (mail: Mail, bindings: Bindings, context: { waitUntil(work: Promise<unknown>): void }): Promise<void> => {
    if (mail.rawSize > MAIL_BYTES) return mail.setReject('This message is too large.');
    const raw = new Uint8Array(await new Response(mail.raw).arrayBuffer());
    await receiveMail(readEnv(bindings), raw, mail.to, (work) => context.waitUntil(work));
  },
};
