/** Has Miniflare start workerd through `workerd.sh`, so that it ends within a second of the process that started it, however that ended. */
import { createRequire } from 'node:module';

const from = createRequire(createRequire(import.meta.url).resolve('miniflare'));

export function bindWorkerd(): void {
  // A POSIX shell watches; where there is none workerd is started as Miniflare does it.
  if (process.platform === 'win32') return;
  const workerd = from('workerd') as { default?: string } | string;
  process.env.HEYI_WORKERD ??= typeof workerd === 'string' ? workerd : (workerd.default ?? '');
  process.env.MINIFLARE_WORKERD_PATH ??= new URL('./workerd.sh', import.meta.url).pathname;
}
