// build.mjs OUT.cpp - bundles the dashboard's page and writes it as a C++ source.
//
// The page is one file: style and script stand in it, and its content security policy lets it run that script and load nothing at all.
// The licences of the packages that went into the script go with it.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const read = (name) => readFileSync(join(here, name), 'utf8');

async function bundle(entry) {
  const result = await build({
    absWorkingDir: here, entryPoints: [entry], bundle: true, minify: true, write: false, metafile: true, charset: 'ascii',
    legalComments: 'none', target: ['chrome123', 'firefox120', 'safari17.5'], format: 'iife', logLevel: 'warning', outdir: 'out',
  });
  return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

/// Name, version and licence texts of each package among the inputs of a bundle.
function licencesOf(inputs) {
  const packages = new Set(inputs.map((input) => input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
  return [...packages].sort().map((name) => {
    const folder = join('node_modules', name);
    const { version, license } = JSON.parse(read(join(folder, 'package.json')));
    const texts = ['NOTICE', 'LICENSE', 'LICENSE.txt'].filter((file) => existsSync(join(here, folder, file)));
    if (!texts.some((file) => file.startsWith('LICENSE'))) throw new Error(`${name} brings no licence text`);
    return `${name} ${version} (${license})\n\n${texts.map((file) => read(join(folder, file)).trim()).join('\n\n')}`;
  }).join(`\n\n${'-'.repeat(80)}\n\n`);
}

const asText = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

async function page() {
  const script = await bundle('main.js');
  const style = await bundle('page.css');
  const hash = createHash('sha256').update(script.text).digest('base64');
  const parts = { STYLE: style.text, SCRIPT: script.text, SCRIPT_HASH: `sha256-${hash}`, LICENCES: asText(licencesOf(script.inputs)) };
  return read('page.html').replace(/@([A-Z_]+)@/g, (whole, name) => parts[name] ?? whole);
}

/// A string literal in lines that editors and compilers can stand.
function literal(bytes) {
  const plain = (byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
  const lines = [];
  for (let at = 0; at < bytes.length; at += 4096)
    lines.push('"' + Array.from(bytes.subarray(at, at + 4096),
      (byte) => (plain(byte) ? String.fromCharCode(byte) : '\\' + byte.toString(8).padStart(3, '0'))).join('') + '"');
  return lines.join('\n');
}

const bytes = Buffer.from(await page());
writeFileSync(process.argv[2], `// Written by tool/report/assets/build.mjs.
#include "report/dashboard_page.h"

namespace ssot {

llvm::StringRef dashboardPage() {
  static constexpr char page[] =
${literal(bytes)};
  return llvm::StringRef(page, sizeof page - 1);
}

} // namespace ssot
`);
