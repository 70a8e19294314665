// What the tests of the dashboard share: a project, the page that ssot writes about it, and headless Chromium to open it.
import puppeteer from 'puppeteer-core';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const SSOT = process.env.SSOT;

/// A folder that goes away with the process.
export function folder() {
  const made = mkdtempSync(join(tmpdir(), 'ssot dashboard '));
  process.on('exit', () => rmSync(made, { recursive: true, force: true, maxRetries: 5 }));
  return made;
}

export function write(root, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

export function database(root, sources) {
  write(root, { 'compile_commands.json': JSON.stringify(sources.map((file) => ({ directory: root, file: join(root, file), arguments: ['clang++-19', '-std=c++20', '-c', join(root, file)] }))) });
}

export function ssot(root, ...args) {
  const done = spawnSync(SSOT, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (![0, 1].includes(done.status)) throw new Error(`ssot ${args.join(' ')}: ${done.status}\n${done.stderr}`);
  return done;
}

/// git in the project, as if it were that day.
export function git(root, date, ...args) {
  const done = spawnSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date } });
  if (done.status) throw new Error(done.stderr);
  return done.stdout.trim();
}

/// The path of the page about the project.
export function pageOf(root, ...args) {
  ssot(root, 'check', '--format', 'html:out.html', ...args);
  return join(root, 'out.html');
}

export const launch = () => puppeteer.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});

/// A tab with the page in it. Errors of its scripts and requests to a network fail whoever looks at `tab.wrong`.
export async function open(browser, file, { hash = '', dark = false, width = 1400, height = 1000 } = {}) {
  const tab = await browser.newPage();
  tab.wrong = [];
  tab.on('pageerror', (error) => tab.wrong.push(error.message));
  tab.on('console', (message) => { if (message.type() === 'error') tab.wrong.push(message.text()); });
  tab.on('dialog', (dialog) => { tab.wrong.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  tab.on('request', (request) => { if (!/^(file|data|about):/.test(request.url())) tab.wrong.push(request.url()); });
  await tab.setViewport({ width, height });
  await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  await tab.goto(`file://${encodeURI(file)}${hash}`);
  return tab;
}

/// Texts of the elements that a selector finds.
export const texts = (tab, selector) => tab.$$eval(selector, (found) => found.map((element) => element.textContent));
