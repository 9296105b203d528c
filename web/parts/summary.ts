import type { Words } from '../words/index.ts';

/**
 * The summary of a refused form names each field by the very label that it has on the page: "Your name: please fill this in". The summary stands
 * before the fields, so it is completed once the page is drawn; `html` is escaped, and stays so. The title, which is read out first, says so too.
 */
export function withErrorsSaid(html: string, words: Words): string {
  if (!html.includes('<div class="error-summary"')) return html;
  const titled = html.replace('<title>', () => `<title>${words.errors.notDone}${words.colon}`);
  return titled.replace(SUMMARY, (summary) => {
    const labels = labelsIn(html);
    return summary.replace(/<a href="#([^"]+)">([^<]*)<\/a>/g, (link, id: string, text: string) => {
      const name = nameOf(id, labels.get(id), words);
      return name === null || text.startsWith(name.start)
        ? link
        : `<a href="#${id}">${name.whole.replace(/[？?]$/, '')}${words.colon}${text}</a>`;
    });
  });
}

const SUMMARY = /<div class="error-summary".*?<\/div>/gs;

/** Labels by the id of their field; of a group of choices its legend. */
function labelsIn(html: string): Map<string, string> {
  const found = [
    ...html.matchAll(/<label for="([^"]+)"[^>]*>(.*?)<\/label>/gs),
    ...html.matchAll(/<fieldset[^>]* id="([^"]+)"[^>]*>\s*<legend>(.*?)<\/legend>/gs),
  ];
  return new Map(found.map(([, id = '', label = '']) => [id, textOf(label)]));
}

const textOf = (html: string) =>
  html
    .replace(/<span class="optional">.*?<\/span>/gs, '')
    .replace(/<[^>]*>/g, '')
    .trim();

/** A field of a stage by its stage too, and one of a row of several by the row's number; null where it has no label. */
function nameOf(id: string, label: string | undefined, words: Words): { start: string; whole: string } | null {
  if (!label) return null;
  const stage = /\bphases\.(\d+)\./.exec(id)?.[1];
  if (stage !== undefined) {
    const start = words.terms.stage(Number(stage) + 1);
    return { start, whole: `${start}${words.comma}${label}` };
  }
  const row = /\.(\d+)\./.exec(id)?.[1];
  return { start: label, whole: row === undefined ? label : label + words.aside(String(Number(row) + 1)) };
}
