/**
 * How a text that the other side will read may come across, beside its box while it is written: asked of the server when typing rests, never in the midst of what an input method
 * puts together, and kept nowhere. Without a script the same is said when it is sent.
 */

/** In milliseconds: so long typing rests before it is asked, and, doubled each time up to the most, after the server was not there or had too much to do. */
const REST = 1_200;
const MOST_REST = 60_000;
const SHORTEST = 4;

/** Boxes for texts that go to the other side (`negotiation/said.ts`), from a case, with an opening, to many at once or as a template; notes of one's own do not. */
const WHERE =
  'form:is([action*="/do/"]:not([action$="/do/note.write"]), [action$="/proposals/check"], [action^="/open/"], [action$="/many"])';
const SAID = [
  ...['textarea:is([name$="words"], [name="facts"], [name="wish"])', 'input[type="text"][name*="reasons."]'].map(
    (box) => `${WHERE} ${box}`,
  ),
  'form[action$="/templates"] textarea[name="text"]',
];

for (const area of document.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>(SAID.join())) {
  const beside = document.createElement('div');
  beside.className = 'small soft';
  beside.setAttribute('aria-live', 'polite');
  area.after(beside);
  let isComposing = false;
  let [timer, rest] = [0, REST];
  let asked = '';
  let asking = new AbortController();

  async function ask(): Promise<void> {
    const text = area.value.trim();
    if (isComposing || text === asked) return;
    asked = text;
    asking.abort();
    asking = new AbortController();
    if (text.length < SHORTEST) return beside.replaceChildren();
    try {
      const answer = await fetch('/wording', { method: 'POST', body: new URLSearchParams({ text }), signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const said: unknown = await answer.json();
      rest = REST;
      if (Array.isArray(said))
        beside.replaceChildren(...said.map((line) => Object.assign(document.createElement('p'), { textContent: String(line) })));
    } catch {
      if (asking.signal.aborted) return;
      asked = '';
      rest = Math.min(MOST_REST, rest * 2);
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), rest);
  };
  area.addEventListener('compositionstart', () => {
    isComposing = true;
    clearTimeout(timer);
  });
  area.addEventListener('compositionend', () => {
    isComposing = false;
    soon();
  });
  area.addEventListener('input', () => {
    if (!isComposing) soon();
  });
}
