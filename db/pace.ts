import type { IncomingMessage } from 'node:http';

/**
 * How long a request may take to come in, in milliseconds: its head, and as a whole; and how many bytes of a body have to come in each `window`. A phone
 * on a slow line sends for an hour; who sends nothing, or next to nothing, only keeps a place.
 */
export type Pace = { head: number; whole: number; window: number; least: number };
export const PACE: Pace = { head: 20_000, whole: 3 * 3_600_000, window: 60_000, least: 16_384 };

/** Watches that a body comes in while somebody takes it; a body that waits for its reader is not late. `late` is called once. Returns how to stop. */
export function watchPace(incoming: IncomingMessage, { window, least }: Pace, late: () => void): () => void {
  const { socket } = incoming;
  let before = socket.bytesRead;
  let waited = false;
  const paused = () => {
    waited = true;
  };
  incoming.on('pause', paused);
  const timer = setInterval(() => {
    const came = socket.bytesRead - before;
    before = socket.bytesRead;
    const isWanted = !waited && incoming.readableFlowing === true;
    waited = false;
    if (incoming.complete) stop();
    else if (isWanted && came < least) {
      stop();
      late();
    }
  }, window);
  const stop = () => {
    clearInterval(timer);
    incoming.off('pause', paused);
  };
  return stop;
}
