import { FORM_BOUNDS, FormTooLarge } from '../negotiation/form.ts';

/**
 * Multipart bodies (RFC 7578), bounded before the platform takes them apart. What stands here and what the platform reads must not differ, so the
 * one boundary that is understood is handed on by itself, and whatever the platform could take for the start of a part counts as one.
 */

/** What may stand before the content of a part, in bytes: names are at most 200 characters, names of files at most 255. */
const HEAD = 4_096;

/**
 * The boundary of `multipart/form-data; boundary=…` as browsers and programs write it: a token, or in quotes what RFC 2046 5.1.1 allows but for
 * spaces. Null for anything else: a second parameter, an escape, two headers in one.
 */
export function boundaryOf(type: string): string | null {
  const found = /^multipart\/form-data ?; ?boundary=(?:([\w'+.-]{1,70})|"([\w'()+,./:=?-]{1,70})")$/i.exec(type);
  return found?.[1] ?? found?.[2] ?? null;
}

export const typeWith = (boundary: string) => `multipart/form-data; boundary="${boundary}"`;

/** What follows a boundary: the end of its line, or of the whole body. */
const LINE_END = /^(?:\r?\n|--)/;
const EMPTY_LINE = /\n\r?\n/;

/** How much is looked at in one step, in bytes: a body may come in one piece. */
const STEP = 65_536;

/**
 * Lets a body through up to the bounds on its parts. Each begins with the boundary at the start of a line; the platform takes a line feed alone for
 * the end of a line too. What is refused is read to its end and dropped: an answer before that would meet a sender who is still writing.
 * @throws FormTooLarge; a TypeError where it does not begin with its boundary
 */
export function boundedParts(boundary: string): TransformStream<Uint8Array, Uint8Array> {
  const mark = `\n--${boundary}`;
  // One character a byte, whatever they mean: what is looked for is ASCII. The body's first line has a start as well.
  const decoder = new TextDecoder('latin1');
  let rest = '\n';
  let begun = false;
  let parts = 0;
  let fault: Error | null = null;

  /** Looks through what has come, and keeps what is not decided yet: a boundary that is cut in two, a head without its end. */
  function look(): Error | null {
    if (!begun) {
      if (rest.length < mark.length) return null;
      // Before the first boundary anything may stand (a preamble), where it would be found without the start of a line. No browser writes one.
      if (!rest.startsWith(mark)) return new TypeError('A multipart body begins with its boundary.');
      begun = true;
    }
    let at = 0;
    for (let next = rest.indexOf(mark); next >= 0; next = rest.indexOf(mark, at)) {
      at = next + mark.length;
      // The boundary after the last part is one more.
      if (++parts > FORM_BOUNDS.fields + 1) return new FormTooLarge();
      const [line] = LINE_END.exec(rest.slice(at, at + 2)) ?? [];
      if (line === '--') continue;
      if (!line && rest.length >= at + 2) return new TypeError('A boundary has its line for itself.');
      // The platform looks for the empty line after that line, and would look for it in all that follows.
      const head = at + (line?.length ?? 0);
      if (line && EMPTY_LINE.test(rest.slice(head, head + HEAD))) continue;
      if (rest.length >= head + HEAD) return new FormTooLarge();
      parts--;
      rest = rest.slice(next);
      return null;
    }
    rest = rest.slice(Math.max(at, rest.length - mark.length + 1));
    return null;
  }

  return new TransformStream({
    transform(chunk, controller) {
      for (let from = 0; from < chunk.length && !fault; from += STEP) {
        rest += decoder.decode(chunk.subarray(from, from + STEP));
        fault = look();
      }
      if (!fault) controller.enqueue(chunk);
    },
    flush() {
      if (fault) throw fault;
    },
  });
}
