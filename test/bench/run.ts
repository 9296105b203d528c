/** `npm run bench`: each benchmark, in a process of its own; with a name (`-- --pages`) that one alone, and what follows the name goes to it. */
import { spawnSync } from 'node:child_process';

const BENCHES = ['plan', 'portal', 'pages', 'anchors', 'desk', 'long', 'crowd', 'loans', 'wording'];

const [name = '', ...rest] = process.argv.slice(2);
const only = BENCHES.find((one) => name === `--${one}`);
if (name !== '' && !only) {
  console.error(`npm run bench [-- ${BENCHES.map((one) => `--${one}`).join(' | ')}]: there is no benchmark "${name}".`);
  process.exit(2);
}
for (const one of only ? [only] : BENCHES) {
  const { status } = spawnSync(process.execPath, [`${import.meta.dirname}/${one}.ts`, ...rest], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
}
