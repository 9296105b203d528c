/**
 * Keys of the desk: j and k go from row to row (of a case, to the next and the one before), x marks, a assigns what is marked, / goes to the search, ? to the list of keys.
 * Only where nothing is being typed; whoever does not want them turns them off, on this device.
 */

const OFF = 'keys off';
const box = document.querySelector<HTMLElement>('[data-keys]');
const toggle = box?.querySelector<HTMLInputElement>('input');
const kept = (): boolean => {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
};

if (box && toggle) {
  box.hidden = false;
  toggle.checked = !kept();
  toggle.addEventListener('change', () => {
    try {
      if (toggle.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, '1');
    } catch {
      // A browser that keeps nothing: for this page it counts.
    }
  });
}

const rows = [...document.querySelectorAll<HTMLElement>('table.inbox tbody tr')];
const rowNow = () => rows.findIndex((row) => row.contains(document.activeElement));

function step(by: 1 | -1): void {
  const at = rowNow();
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  next?.querySelector<HTMLElement>('th a')?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

const boxIn = (row: HTMLElement | undefined) => row?.querySelector<HTMLInputElement>('input[name="case"]') ?? null;
const press = (selector: string) => document.querySelector<HTMLElement>(selector)?.click();

const acts: Readonly<Record<string, () => void>> = {
  j: () => (rows.length > 0 ? step(1) : press('[data-key="j"]')),
  k: () => (rows.length > 0 ? step(-1) : press('[data-key="k"]')),
  x() {
    const mark = boxIn(rows[rowNow()]);
    if (mark) mark.checked = !mark.checked;
  },
  a() {
    const mark = boxIn(rows[rowNow()]);
    if (mark && !document.querySelector('input[name="case"]:checked')) mark.checked = true;
    press('[data-key="a"]');
  },
  '/': () => document.querySelector<HTMLElement>('input[name="text"]')?.focus(),
  '?'() {
    const list = box?.querySelector('details');
    if (list) list.open = !list.open;
    list?.querySelector('summary')?.focus();
  },
};

const isTyped = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable]');

addEventListener('keydown', (event) => {
  const { key, isComposing, keyCode, ctrlKey, metaKey, altKey, target } = event;
  // 229: a key that an input method takes, also where the browser does not say that it composes.
  if (isComposing || keyCode === 229 || ctrlKey || metaKey || altKey || isTyped(target)) return;
  if (!toggle?.checked || !Object.keys(acts).includes(key)) return;
  event.preventDefault();
  acts[key]?.();
});
