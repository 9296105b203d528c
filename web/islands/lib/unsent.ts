/**
 * A message is kept on the server as it is typed, once typing rests and never in the midst of what an input method puts together, so that it is there on any other device; and in the tab
 * as long as the server does not have it. Where something else was kept meanwhile, that is shown, and nothing takes its place before the person says so with the button.
 */

/** In milliseconds: so long typing rests before it is kept, so long it is typed at the most without, and, from the first doubled each time, so long after the server was not there. */
const REST = 1_500;
const LONGEST = 15_000;
const MOST_REST = 60_000;

/** Before what is on its way to the server. */
const SENT = 'sent ';

type Answer = { said: string; version: number; kept: string | null };

const isAnswer = (told: unknown): told is Answer =>
  typeof told === 'object' && told !== null && 'said' in told && typeof told.said === 'string' && 'version' in told && 'kept' in told;

export function keepUnsent(): void {
  const at = document.querySelector<HTMLElement>('[data-unsent]');
  const form = at?.closest('form');
  const area = form?.querySelector('textarea');
  const version = at?.querySelector('input');
  const status = at?.querySelector('[role=status]');
  if (!at || !form || !area || !version || !status) return;
  const [over, discard] = at.querySelectorAll('button');
  // One place for the case and for the page of a form that came back.
  const tab = `draft ${at.dataset.unsent}`;
  // What the page was drawn with, whatever the browser filled in again.
  version.value = version.getAttribute('value') ?? '0';
  let [isComposing, isParted, isNew] = [false, at.dataset.as === 'other', false];
  let [timer, since, rest] = [0, 0, REST];
  let asking = new AbortController();

  /** In the tab, with the version that it follows and whether it is on its way; null once the server has it. */
  function inTab(text: string | null, onItsWay = ''): void {
    try {
      if (text === null) sessionStorage.removeItem(tab);
      else sessionStorage.setItem(tab, `${onItsWay}${version?.value} ${text}`);
    } catch {
      // A browser that keeps nothing.
    }
  }

  function part(said: string, kept: string | null): void {
    isParted = true;
    if (discard) discard.hidden = true;
    if (status) status.textContent = said;
    if (kept !== null) at?.append(Object.assign(document.createElement('p'), { className: 'said notice', textContent: kept }));
  }

  async function keep(): Promise<void> {
    clearTimeout(timer);
    if (!isNew || isComposing || isParted || !at || !form || !area || !version || !status) return;
    [isNew, since] = [false, 0];
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const text = area.value;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    try {
      // What outlives its page may be no more than 64 KB, which a message is not.
      const keepalive = document.visibilityState === 'hidden';
      const headers = { accept: 'application/json' };
      const answer = await fetch(at.dataset.unsent ?? '', { method: 'POST', body, headers, keepalive, signal });
      const told: unknown = await answer.json();
      if (!isAnswer(told)) throw new Error(String(answer.status));
      rest = REST;
      if (answer.status === 409) {
        // Sent as it is, it leaves the other where that stands; the button takes its place.
        version.value = '0';
        if (over) over.value = String(told.version);
        return part(told.said, told.kept);
      }
      status.textContent = told.said;
      if (!answer.ok) return;
      version.value = String(told.version);
      if (discard) discard.hidden = told.version === 0;
      if (area.value === text) inTab(null);
    } catch {
      if (signal.aborted) return;
      isNew = true;
      rest = Math.min(MOST_REST, rest * 2);
      status.textContent = at.dataset.failed ?? '';
    }
  }

  function soon(): void {
    isNew = true;
    if (isParted) return;
    if (since === 0) since = Date.now();
    clearTimeout(timer);
    if (!isComposing) timer = window.setTimeout(() => void keep(), Math.max(0, Math.min(rest, since + LONGEST - Date.now())));
  }

  area.addEventListener('compositionstart', () => {
    isComposing = true;
    clearTimeout(timer);
  });
  area.addEventListener('compositionend', () => {
    isComposing = false;
    soon();
  });
  area.addEventListener('input', () => {
    inTab(area.value);
    soon();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void keep();
  });
  form.addEventListener('submit', () => {
    isNew = false;
    clearTimeout(timer);
    asking.abort();
    // Whether it arrives, the page that answers tells: where there is no network, none comes, and the browser need not have kept what was typed.
    inTab(area.value, SENT);
  });

  // What the server does not have yet: of this tab, as the browser or a template filled it in.
  let [, onItsWay, follows = '', left = ''] = /^(sent )?(\d+) ([\s\S]*)$/.exec(inThisTab(tab)) ?? [];
  if (onItsWay && hasArrived(area.id)) {
    left = '';
    inTab(null);
  }
  const kept = area.defaultValue;
  if (left !== '' && area.value === kept && left !== kept) area.value = left;
  if (isParted || (area.value === kept && at.dataset.as !== 'new')) return;
  if (area.value === kept || kept === '' || follows === version.value) soon();
  else {
    if (over) over.value = version.value;
    version.value = '0';
    part(at.dataset.parted ?? '', kept);
  }
}

/** Whether this page is the one that a form is answered with where it was taken, not one that was gone back to. */
function hasArrived(box: string): boolean {
  const [how] = performance.getEntriesByType('navigation');
  const isNew = !(how instanceof PerformanceNavigationTiming) || how.type === 'navigate';
  return isNew && (/^#[eo]\d+$/.test(location.hash) || location.hash === `#${box}` || new URLSearchParams(location.search).has('care'));
}

function inThisTab(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
}
