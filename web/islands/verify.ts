import { asLanguage, LANGUAGES } from '../../worker/plan/languages.ts';
import type { Checked } from '../../worker/record/check.ts';
import type { ToldReport } from '../parts/verified.ts';
import type { Language, Words } from '../words/index.ts';

/**
 * Checks a record in the browser. The file is read here and stays here; the verifier and the published keys are fetched when the page has been
 * opened, so that nothing is asked for once a file is chosen, and the page goes on without a connection.
 */

type Live = Words['verify']['live'];
type Verifier = typeof import('./verifier.ts');

const card = document.querySelector<HTMLElement>('[data-verify]');
const place = document.getElementById('report');
const input = document.querySelector<HTMLInputElement>('#file');
const hash = document.querySelector<HTMLInputElement>('#hash');
if (card && place && input && hash) start(card, place, input, hash, JSON.parse(card.dataset.verify ?? '{}'));

/** When the page is there. */
function opened(): Promise<void> {
  return new Promise((resolve) => {
    if (document.readyState === 'complete') resolve();
    else window.addEventListener('load', () => setTimeout(resolve), { once: true });
  });
}

function start(box: HTMLElement, report: HTMLElement, file: HTMLInputElement, receipt: HTMLInputElement, live: Live): void {
  const language: Language = asLanguage(document.documentElement.lang.slice(0, 2)) ?? LANGUAGES[0];
  const address = box.dataset.verifier ?? '';
  // Half a megabyte does not stand in the way of what is read first.
  const loading: Promise<Verifier> = opened().then(() => import(address));
  const ready: Promise<[Verifier, unknown] | null> = Promise.all([loading, publishedKeys()]).catch(() => null);
  let checked: Checked | null = null;
  let turn = 0;
  const check = async (chosen: File | undefined) => {
    if (!chosen) return;
    const mine = ++turn;
    checked = null;
    report.replaceChildren(paragraph('', live.checking));
    const loaded = await ready;
    if (!loaded) return report.replaceChildren(paragraph('notice warn', live.notReady));
    const [verifier, published] = loaded;
    const bytes = await chosen.arrayBuffer().catch(() => new ArrayBuffer(0));
    const outcome = await verifier.check(new Uint8Array(bytes), published, async (done) => {
      if (mine === turn) report.replaceChildren(paragraph('', `${live.checking} ${Math.floor(done * 100)}%`));
      await new Promise((resolve) => setTimeout(resolve));
    });
    if (mine !== turn) return;
    checked = outcome;
    show(verifier, outcome, published);
  };
  const show = (verifier: Verifier, outcome: Checked, published: unknown) =>
    report.replaceChildren(
      ...drawn(verifier.tell(outcome, language, receipt.value)),
      ...(published === null ? [paragraph('notice warn', live.noKeys)] : []),
      paragraph('soft small', live.offline),
    );
  file.addEventListener('change', () => check(file.files?.[0]));
  receipt.addEventListener('input', async () => {
    const loaded = await ready;
    if (loaded && checked) show(loaded[0], checked, loaded[1]);
  });
  box.addEventListener('dragover', (event) => event.preventDefault());
  box.addEventListener('drop', (event) => {
    event.preventDefault();
    check(event.dataTransfer?.files[0]);
  });
}

/** What this portal publishes; null where it cannot be had, which is then said. */
async function publishedKeys(): Promise<unknown> {
  try {
    const answer = await fetch('/.well-known/heyi-keys.json');
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function drawn({ tone, verdict, sections }: ToldReport): HTMLElement[] {
  return [
    paragraph(`notice ${tone}`, verdict),
    ...sections.flatMap(({ title, lines }) => {
      const heading = document.createElement('h2');
      heading.textContent = title;
      const list = document.createElement('ul');
      for (const line of lines) {
        const item = document.createElement('li');
        item.textContent = line;
        list.append(item);
      }
      return [heading, list];
    }),
  ];
}

function paragraph(kind: string, content: string): HTMLElement {
  const node = document.createElement('p');
  if (kind) node.className = kind;
  node.textContent = content;
  return node;
}
