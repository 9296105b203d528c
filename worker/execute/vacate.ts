import { known } from '../negotiation/case.ts';
import { Figures } from '../negotiation/debt.ts';
import { commands as life } from '../negotiation/life.ts';
import type { Refusal } from '../negotiation/refusal.ts';
import { isVacated } from '../negotiation/stage.ts';
import { noted, prove } from '../proof.ts';
import { canonical, digestOf } from '../record/digest.ts';
import { anewId } from '../store/imports.ts';
import { type DeskAdmission, openCasebookForPortal } from '../store/open.ts';
import type { Seals } from './commit.ts';
import { bringing, carryOutEach } from './many.ts';

type By = Seals & {
  env: Parameters<typeof openCasebookForPortal>[0];
  admission: DeskAdmission;
  at: string;
  number: () => string;
};

/**
 * Opens the case that goes on in the place of one of which somebody was put out: about the same loan, with the lender's own figures, and to be joined as the first one was.
 * Nothing in it is of who was put out. Repeating it changes nothing. Null where that case is none of which somebody was put out.
 */
export async function openAnew(by: By, caseId: string): Promise<{ ok: true; case: string } | { ok: false; refusal: Refusal } | null> {
  const casebook = openCasebookForPortal(by.env, by.admission.lender);
  const loaded = await casebook.load(caseId, '', '', { whole: true });
  if (!loaded.record || !isVacated(loaded.kase)) return null;
  const { doubts, kase } = await prove(loaded.record, casebook.published, loaded.doubts);
  if (doubts.length > 0) return { ok: false, refusal: noted(caseId, doubts) };
  const stated = loaded.record.entries.flatMap((sealed): Figures[] => {
    const entry = known(sealed);
    if (!entry || entry.content === null || entry.author.side !== 'lender') return [];
    const states = entry.kind === 'debt.stated' || entry.kind === 'debt.corrected' || entry.kind === 'debt.disputed';
    return states ? [Figures.parse(entry.content)] : [];
  });
  const figures = stated.at(-1);
  // Its figures were erased: there is nothing to open it with.
  if (!figures) return null;
  const id = anewId(caseId);
  const imported = await casebook.importedAs(caseId);
  const input = { loan: kase.loan, debt: figures, borrowerName: kase.invitedName ?? '', lenderName: kase.lenderName };
  const request = { id: `anew:${caseId}`, digest: digestOf(canonical({ anew: caseId })) };
  const chore = bringing(id, { name: life.openByLender.name, input }, request, { ...by, ...(imported ? { imported } : {}) });
  const [each] = await carryOutEach(casebook, [chore], by);
  if (!each || 'thrown' in each) return { ok: false, refusal: { code: 'case.busy' } };
  const { outcome } = each;
  return outcome && !outcome.ok && outcome.refusal.code !== 'case.exists' ? outcome : { ok: true, case: id };
}
