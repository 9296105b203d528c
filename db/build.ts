/**
 * Builds what the worker serves and is: `.heyi/assets` (styles, scripts, icon, fonts, each under its digest), `.heyi/assets.json`
 * (their names, which pages import) and, with `--worker`, `.heyi/build/index.js` for running on one machine.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { minify } from '@swc/core';
import { dictionary } from '@zxcvbn-ts/language-common';
import { type BuildOptions, build, type OutputFile, type Plugin } from 'esbuild';
import { fontFiles } from './fonts.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const OUT = join(ROOT, '.heyi');

const common: BuildOptions = {
  bundle: true,
  minify: true,
  charset: 'utf8',
  logLevel: 'warning',
  absWorkingDir: ROOT,
  legalComments: 'none',
};

/** The oldest browsers that pages are made for: those inside the apps of old phones. */
const BROWSERS = ['chrome87', 'safari15'];

const islands = readdirSync(join(ROOT, 'web/islands')).filter((name) => name.endsWith('.ts'));

/** The styles and the scripts as browsers get them. */
export async function bundled(): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['web/styles/index.css', ...islands.map((name) => `web/islands/${name}`)],
    outdir: join(OUT, 'assets/assets'),
    entryNames: '[name]-[hash]',
    format: 'esm',
    target: BROWSERS,
    write: false,
  });
  return outputFiles;
}

/** Builds the assets, and the list of their names as pages use them. */
export async function buildAssets(): Promise<void> {
  const folder = join(OUT, 'assets');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  const outputFiles = await bundled();
  const names: Record<string, string> = {};
  for (const { path, contents } of outputFiles) {
    writeFileSync(path, contents);
    names[basename(path).replace(/-[A-Z0-9]{8}\./, '.')] = `/assets/${basename(path)}`;
  }
  const hashed = (bytes: Uint8Array, name: string) => {
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
    const to = name.replace('.', `-${digest}.`);
    writeFileSync(join(folder, 'assets', to), bytes);
    return `/assets/${to}`;
  };
  const manifest = {
    styles: names['index.css'],
    icon: hashed(readFileSync(join(ROOT, 'web/styles/icon.svg')), 'icon.svg'),
    touch: hashed(readFileSync(join(ROOT, 'web/styles/touch.png')), 'touch.png'),
    picture: hashed(readFileSync(join(ROOT, 'web/styles/picture.png')), 'picture.png'),
    fonts: Object.fromEntries(fontFiles().map(({ name, bytes }) => [name, hashed(bytes, `${name}.ttf`)])),
    commonPasswords: hashed(Buffer.from(commonPasswords().join('\n')), 'common-passwords.txt'),
    scripts: Object.fromEntries(islands.map((name) => [name.replace(/\.ts$/, ''), names[name.replace(/\.ts$/, '.js')]])),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeFileSync(join(OUT, 'assets.json'), text);
}

/** The common passwords of public breaches that zxcvbn-ts keeps (MIT), in lower case: what is shorter than four letters is too short anyway. */
function commonPasswords(): string[] {
  const listed = dictionary['passwords-common'].map((one) => one.toLowerCase());
  return [...new Set(listed)].filter((one) => one.length >= 4);
}

/**
 * Files of @libpdf/core that the worker never comes to: it writes documents with fonts of its own, signs them itself, and reads none but those and the empty ones by which it tries
 * passwords. Forms, fonts, pictures, drawings, what pages say and all signing, with pkijs below it, are a quarter of a megabyte.
 */
const UNREACHED = [
  'src/annotations/',
  'src/api/pdf-embedded-page.ts',
  'src/api/pdf-form.ts',
  'src/api/pdf-signature.ts',
  'src/content/parsing/',
  'src/document/forms/',
  'src/document/object-copier.ts',
  'src/document/struct-tree.ts',
  'src/fontbox/',
  'src/fonts/',
  'src/images/',
  'src/layers/',
  'src/security/encryption-generator.ts',
  'src/signatures/',
  'src/svg/',
  'src/text/',
];

/**
 * The one module of @libpdf/core without those files: the marks that its bundler left tell where each begins and ends. What a file offered is there by its name, and throws where it is
 * called; nothing is ever one of it (`instanceof`). @throws where there is a file no longer, so that a new version is looked at
 */
function withoutUnreached(source: string): string {
  const met = new Set<string>();
  const rest = source.replace(/^\/\/#region (\S+)\n([\s\S]*?)^\/\/#endregion$/gm, (all, file: string, code: string) => {
    const folder = UNREACHED.find((one) => file.startsWith(one));
    if (folder === undefined) return all;
    met.add(folder);
    const names = [...code.matchAll(/^(?:const|let|var|(?:async )?function|class)\*? ([\w$]+)/gm)].map(([, name]) => name);
    return names.map((name) => `const ${name} = /* @__PURE__ */ unreached("${file} ${name}");`).join('\n');
  });
  const gone = UNREACHED.filter((one) => !met.has(one));
  if (gone.length > 0) throw new Error(`@libpdf/core has no longer ${gone.join(', ')}: what is left out of the worker is to be looked at.`);
  return `${rest}\nfunction unreached(name) { return function () { throw new Error(name + ' is left out of the worker: db/build.ts'); }; }`;
}

/**
 * What libraries bring along and the worker has no use for, 60 KB of it: letters have no attachments, whose types nodemailer would tell from their names; of a cache
 * @libpdf/core needs no more than that it forgets first what was asked for longest ago; charts have scales from
 * numbers to numbers, none to colours; and of the names that HTML has for letters mails use those of Western and Greek ones, stops, arrows and signs: any other letter is written
 * as itself or by its number, which is read as ever.
 */
const smaller: Plugin = {
  name: 'smaller',
  setup({ onLoad, onResolve, resolve }) {
    // Only what signs in @libpdf/core names them; they do not say themselves that nothing happens by their being there.
    onResolve({ filter: /^(?:pkijs|asn1js)$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === smaller) return undefined;
      const found = await resolve(path, { importer: from.importer, resolveDir: from.resolveDir, kind: from.kind, pluginData: smaller });
      return { ...found, sideEffects: false };
    });
    onLoad({ filter: /nodemailer[\\/].*mime-types\.js$/ }, () => ({
      contents: "export const detectMimeType = () => 'application/octet-stream'; export const detectExtension = () => 'bin';",
    }));
    onLoad({ filter: /postal-mime[\\/].*html-entities\.js$/ }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(/^ *('&\w+;?': '(\\u[0-9A-F]{4})'),?$/gm)];
      const used = names.filter(
        ([, , letter = '']) => letter <= '\\u03D6' || /^\\u20(?:[0-6]|AC)|^\\u2(?:122|19|212|26[0-6])/.test(letter),
      );
      return { contents: `export const htmlEntities = {${used.map(([, entry]) => entry).join()}};` };
    });
    // Nothing of ours asks a schema what it would be as a JSON schema; each schema has the method all the same. Which bounds it has (`minValue`) is found out
    // by the same file, ahead of that: forms are read by them.
    onLoad({ filter: /node_modules[\\/]zod[\\/]v4[\\/]core[\\/](?:json-schema-processors|to-json-schema)\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const [bounds = ''] = /^[\s\S]*?^export function aggregateChecks[\s\S]*?^\}\n/m.exec(source) ?? [];
      const names = [...source.slice(bounds.length).matchAll(/^export (?:const|function) (\w+)|^export \{ \w+ as (\w+) \}/gm)];
      const unused = names.map(([, one, other = '']) => `unused as ${one ?? other}`);
      return { contents: `${bounds}const unused = () => () => undefined; export { ${unused.join()} };` };
    });
    onLoad({ filter: /@libpdf[\\/]core[\\/]dist[\\/]index\.mjs$/ }, ({ path }) => ({
      contents: withoutUnreached(readFileSync(path, 'utf8')),
    }));
    // What packs a PDF's streams is what the runtime has of zlib itself, of which pako is a copy: the same bytes at the same level.
    onLoad({ filter: /node_modules[\\/]pako[\\/]/ }, () => ({
      contents: `import { constants, deflateSync, inflateSync } from 'node:zlib';
        export const deflate = (bytes) => new Uint8Array(deflateSync(bytes));
        export const inflate = (bytes) => new Uint8Array(inflateSync(bytes));
        class Inflate {
          push(bytes) {
            const output = new Uint8Array(inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }));
            this.strm = { output, total_out: output.length };
          }
        }
        export default { deflate, inflate, Inflate };`,
    }));
    onLoad({ filter: /node_modules[\\/]d3-interpolate[\\/]/ }, () => ({
      contents: `export const interpolateNumber = (a, b) => (t) => a * (1 - t) + b * t;
        export { interpolateNumber as interpolate };
        export const interpolateRound = (a, b) => (t) => Math.round(interpolateNumber(a, b)(t));
        export const piecewise = () => {
          throw new Error('No scale of ours is made of pieces.');
        };`,
    }));
    onLoad({ filter: /node_modules[\\/]lru-cache[\\/]/ }, () => ({
      contents: `export class LRUCache extends Map {
        constructor({ max }) {
          super();
          this.max = max;
        }
        get(key) {
          const value = super.get(key);
          if (value !== undefined && this.delete(key)) super.set(key, value);
          return value;
        }
        set(key, value) {
          this.delete(key);
          super.set(key, value);
          if (this.size > this.max) this.delete(this.keys().next().value);
          return this;
        }
      }`,
    }));
  },
};

/** How what runs in the worker is built into one module. */
export const inWorker: BuildOptions = {
  ...common,
  format: 'esm',
  target: 'es2022',
  conditions: ['workerd', 'worker', 'browser'],
  mainFields: ['browser', 'module', 'main'],
  external: ['node:*', 'cloudflare:*'],
  // WebAssembly is a module of its own, beside the worker.
  loader: { '.wasm': 'copy' },
  assetNames: '[name]',
  plugins: [smaller],
};

/** Builds the worker into one module. Needs the assets' names, so build those first. */
export async function buildWorker(): Promise<string> {
  const outfile = join(OUT, 'build/index.js');
  await build({ ...inWorker, entryPoints: ['worker/index.ts'], outfile });
  // Another 3 % of the weight: what stands in one place alone, or always comes to the same, is written out there.
  const compress = { passes: 3 };
  const { code } = await minify(readFileSync(outfile, 'utf8'), { module: true, ecma: 2022, compress, mangle: { toplevel: true } });
  writeFileSync(outfile, code);
  return outfile;
}

if (import.meta.main) {
  await buildAssets();
  if (process.argv.includes('--worker')) await buildWorker();
}
