import './lib/older.ts';
import { built, fieldsOf, isWhole } from '../../worker/negotiation/shape.ts';
import { typed } from '../../worker/negotiation/typed.ts';
import { schedule } from '../../worker/plan/schedule.ts';
import type { Terms } from '../../worker/plan/terms.ts';
import { drawBar, drawPlan, drawSmall } from '../parts/plan-drawing.ts';
import type { Live } from '../parts/terms-form.tsx';
import { fromSentence } from '../words/sentence.ts';
import { nodeOf } from './lib/draw.ts';
import { once } from './lib/once.ts';

/** The live preview: reads the form, works the schedule out and draws it as it is filled in, by the server's own modules and in its own words. */

function start(place: HTMLElement, source: HTMLFormElement, live: Live): void {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => show(place, source, live), 250);
  };
  source.addEventListener('input', later);
  source.addEventListener('change', later);
  barOf(source)?.parentElement?.classList.add('live');
  if (place.hidden) show(place, source, live);
}

/** Where something that is needed cannot be read yet, the last picture stays. */
function show(place: HTMLElement, source: HTMLFormElement, { prefix, shape, against, say }: Live): void {
  const terms = built(shape, `${prefix}terms`, fieldsOf(typed(new FormData(source))));
  if (!isWhole<Terms>(shape, terms)) return;
  const worked = { ...schedule(against.debt, terms), terms };
  place.replaceChildren(...drawPlan(worked, against, say, drawSmall).map(nodeOf));
  place.hidden = false;
  const bar = barOf(source);
  bar?.replaceChildren(...drawBar(worked, against, say).map(nodeOf));
  if (bar) bar.hidden = 'refused' in worked;
}

/** The same in a line, which stays where the thumb is. */
const barOf = (source: HTMLFormElement) => source.querySelector<HTMLElement>('[data-bar]');

// At the end: the first picture is drawn at once, and all that it needs must be there.
once();
const preview = document.querySelector<HTMLElement>('[data-plan]');
const form = preview?.closest('form');
if (preview && form) start(preview, form, JSON.parse(preview.dataset.plan ?? '{}', fromSentence));
