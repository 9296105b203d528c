import chromium from '@sparticuz/chromium';

/** Before all tests, once: the browser is unpacked. Of two files that begin side by side, one would find what the other has only begun to write, and start that. */
export async function setup(): Promise<void> {
  await chromium.executablePath();
}
