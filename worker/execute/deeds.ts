import { readAct } from '../negotiation/lender/institution.ts';
import type { Seat } from '../negotiation/seats.ts';
import { type Directory, type Lender, openCasebookForPortal, openInstitutionForPortal } from '../store/open.ts';
import type { Seals } from './commit.ts';
import { keep } from './keep.ts';

/**
 * What was changed about a lender's people comes to stand in the lender's own stream. The directory noted it with the change; here it is told once, whoever
 * comes first (the request, or a job after a crash), as the stream knows its id again. Where nothing may be written to the stream it waits.
 */
export async function tellDeeds(
  env: Parameters<typeof openInstitutionForPortal>[0],
  directory: Directory,
  lender: Lender,
  seals: Seals,
): Promise<void> {
  const deeds = await directory.deeds(lender.id);
  if (deeds.length === 0) return;
  const book = openInstitutionForPortal(env, lender);
  for (const { id, at, actor, act: text } of deeds) {
    const act = readAct(text);
    const seat: Seat = JSON.parse(actor);
    const told = await keep({
      ...seals,
      book,
      seat,
      at,
      requestId: `deed:${id}`,
      asked: { name: act.kind, input: act.content },
      decide: () => [act],
    });
    if (!told.ok) return;
    // What they had written in its cases and not sent is nobody's from then on.
    if (act.kind === 'staff.ended') await openCasebookForPortal(env, lender).dropUnsentOf(act.content.member.account);
    await directory.dropDeed(id);
  }
}
