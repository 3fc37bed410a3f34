// Build the style sheets and scripts into web/static/dist, with hashed names and a manifest.
//
// manifest.json maps a logical name ("app.js") to the file that holds it ("app-5JQ2LZ7K.js").
// Third-party licence texts are collected beside the bundles, because the bundles are what is served.

import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '..', 'static', 'dist');
const staging = `${dist}.new`;
const FONT = 'node_modules/vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2';
const COPIES = { 'icons.svg': 'icons.svg', 'favicon.svg': 'favicon.svg' };

/** Bundle every entry point and return {logical name: hashed file}. */
async function bundle() {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: {
      app: 'src/app.js',
      diagram: 'src/diagram.js',
      'app.rtl': 'css/app.rtl.css',
      'app.ltr': 'css/app.ltr.css',
      'diagram-view': 'css/diagram.css',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    outdir: staging,
    entryNames: '[name]-[hash]',
    assetNames: 'font-[hash]',
    loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty', '.eot': 'empty', '.svg': 'dataurl' },
    metafile: true,
    logLevel: 'warning',
  });
  return logicalNames(result.metafile.outputs);
}

/** Name the outputs of esbuild by what templates ask for. */
function logicalNames(outputs) {
  const names = {};
  for (const [path, { entryPoint, inputs }] of Object.entries(outputs)) {
    const file = basename(path);
    if (entryPoint) names[basename(entryPoint)] = file;
    else if (FONT in inputs) names['vazirmatn.woff2'] = file;
  }
  return names;
}

/** Copy a file under a hashed name and return that name. */
async function copyHashed(source, logical) {
  const bytes = await readFile(join(here, source));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  const suffix = extname(logical);
  const file = `${basename(logical, suffix)}-${hash}${suffix}`;
  await writeFile(join(staging, file), bytes);
  return file;
}

/** Write the licence text of every package that is served into one file. */
async function writeLicences() {
  const lock = JSON.parse(await readFile(join(here, 'package-lock.json'), 'utf8'));
  const served = Object.entries(lock.packages).filter(([path, entry]) => path && !entry.dev);
  const parts = [];
  for (const [path] of served.sort(([a], [b]) => a.localeCompare(b))) {
    parts.push(await licenceOf(path));
  }
  parts.push(`${await readFile(join(here, 'icons.LICENSE'), 'utf8')}`);
  await writeFile(join(staging, 'THIRD-PARTY-LICENSES.txt'), parts.join('\n\n'));
}

/** Return name, version and licence text of one installed package. */
async function licenceOf(path) {
  const folder = join(here, path);
  const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((name) => /^(licen[sc]e|ofl)(\.|$)/i.test(name));
  const text = file ? await readFile(join(folder, file), 'utf8') : `Licence: ${about.license}; ${about.homepage ?? ''}`;
  return `${'='.repeat(72)}\n${about.name} ${about.version}\n${'='.repeat(72)}\n${text.trim()}`;
}

/** Build beside the old files, then put the new folder in their place in one move. */
async function main() {
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const manifest = await bundle();
  for (const [logical, source] of Object.entries(COPIES)) {
    manifest[logical] = await copyHashed(source, logical);
  }
  await writeLicences();
  await cp(join(here, 'node_modules/bpmn-js/LICENSE'), join(staging, 'LICENSE.bpmn-js.txt'));
  const sorted = Object.fromEntries(Object.entries(manifest).sort());
  await writeFile(join(staging, 'manifest.json'), `${JSON.stringify(sorted, null, 2)}\n`);
  await rm(dist, { recursive: true, force: true });
  await rename(staging, dist);
  console.log(`front end: ${Object.keys(sorted).length} files in ${relative(process.cwd(), dist) || dist}`);
}

await main();
