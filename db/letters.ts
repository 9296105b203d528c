/**
 * `npm run letters`: letters that could not be delivered and are of no lender (codes, what concerns accounts), without what they say; `-- again [ID]` sends
 * all of them, or one, again. Those of a lender are seen to by its administrator.
 */
import { instant } from '../worker/clock.ts';
import { contactOf, masked } from '../worker/contact.ts';
import { openDirectory } from '../worker/store/open.ts';
import { installation } from './installation.ts';

const MOST = 1_000;

if (import.meta.main) {
  const [verb = 'list', id = null] = process.argv.slice(2);
  const { env, close } = await installation();
  try {
    const directory = openDirectory(env);
    if (verb === 'again')
      console.log(`${await directory.reviveMail(null, id, instant())} letters leave again with the next run of the schedule.`);
    else if (verb !== 'list') throw new Error('Say what to do: list, or again [ID].');
    else
      for (const letter of await directory.deadMail(null, MOST))
        console.log([letter.deadAt, letter.fault, letter.template, masked(contactOf(letter.recipient)), letter.id].join('\t'));
  } catch (thrown) {
    console.error((thrown as Error).message);
    process.exitCode = 1;
  } finally {
    await close();
  }
}
