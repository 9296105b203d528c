import type { PublicKey } from '../../worker/record/format.ts';
import { type Opened, openRecord } from '../../worker/record/open.ts';
import { type Report, verify } from '../../worker/record/verify.ts';
import type { Words } from '../words/index.ts';

/** Checks a record in the browser. The file is read here and stays here; the published keys were fetched when the page was opened. */

type Live = Words['verify']['live'];

const card = document.querySelector<HTMLElement>('[data-verify]');
const place = document.getElementById('report');
const input = document.getElementById('file') as HTMLInputElement | null;
const hash = document.getElementById('hash') as HTMLInputElement | null;
if (card && place && input && hash) start(card, place, input, hash, JSON.parse(card.dataset.verify ?? '{}') as Live);

function start(box: HTMLElement, report: HTMLElement, file: HTMLInputElement, receipt: HTMLInputElement, live: Live): void {
  const published = fetch('/.well-known/heyi-keys.json')
    .then((answer) => answer.json() as Promise<{ keys: PublicKey[] }>)
    .then(({ keys }) => keys)
    .catch(() => null);
  let opened: Opened | null = null;
  const check = async (chosen: File | undefined) => {
    if (!chosen) return;
    report.replaceChildren(paragraph('', live.checking));
    await frame();
    opened = openRecord(new Uint8Array(await chosen.arrayBuffer()));
    if (!opened) report.replaceChildren(paragraph('notice bad', live.unreadable));
    else await show(opened, await published);
  };
  const show = async ({ document: record, files }: Opened, keys: PublicKey[] | null) => {
    const progress = async (done: number) => {
      report.replaceChildren(paragraph('', `${live.checking} ${Math.floor(done * 100)}%`));
      await frame();
    };
    report.replaceChildren(
      ...drawn(await verify(record, { files, published: keys, progress }), live),
      ...receiptLine(record, receipt.value, live),
    );
  };
  file.addEventListener('change', () => check(file.files?.[0]));
  receipt.addEventListener('input', async () => {
    if (opened) await show(opened, await published);
  });
  box.addEventListener('dragover', (event) => event.preventDefault());
  box.addEventListener('drop', (event) => {
    event.preventDefault();
    check(event.dataTransfer?.files[0]);
  });
}

const frame = () => new Promise((resolve) => setTimeout(resolve));
function put(template: string, ...values: (string | number)[]): string {
  return template.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)] ?? ''));
}

function drawn(report: Report, live: Live): HTMLElement[] {
  const { holds, entries, firstBroken, findings, signatures, erased, withheld, files, head } = report;
  const verdict = holds
    ? paragraph('notice good', put(live.holds, entries))
    : paragraph('notice bad', firstBroken === null ? live.faulty : put(live.broken, firstBroken));
  const lines = signatures.map(({ key, from, to, since, until, published }) =>
    paragraph(
      '',
      `${put(live.signed, key, from, to, since, until)} ${published === null ? '' : published ? live.published : live.unpublished}`,
    ),
  );
  if (erased.length > 0) lines.push(paragraph('', put(live.erased, erased.length)));
  if (withheld.length > 0) lines.push(paragraph('', put(live.withheld, withheld.length)));
  if (files.listed > 0) lines.push(paragraph('', put(live.files, files.listed, files.present)));
  if (head) lines.push(paragraph('hash', `${head.seq} · ${head.hash}`));
  const list = document.createElement('ul');
  for (const { code, seq, file, key, path } of findings.slice(0, 200)) {
    const item = document.createElement('li');
    item.textContent = put(live.codes[code] ?? code, file ?? key ?? (code === 'format' ? path : seq) ?? '');
    list.append(item);
  }
  return [verdict, ...lines, ...(findings.length > 0 ? [list] : []), paragraph('soft small', live.offline)];
}

/** Whether a hash that the person holds is one of this record. */
function receiptLine(record: unknown, typed: string, live: Live): HTMLElement[] {
  const wanted = typed.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(wanted)) return [];
  const { entries } = record as { entries?: { seq: number; hash: string }[] };
  const found = Array.isArray(entries) ? entries.find((entry) => entry?.hash === wanted) : undefined;
  return [paragraph(found ? 'notice good' : 'notice warn', found ? put(live.hashYes, found.seq) : live.hashNo)];
}

function paragraph(kind: string, content: string): HTMLElement {
  const node = document.createElement('p');
  if (kind) node.className = kind;
  node.textContent = content;
  return node;
}
