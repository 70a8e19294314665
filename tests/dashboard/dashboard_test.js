// The dashboard in headless Chromium: what it says is what the JSON report says, and it can be filtered, sorted, linked, read aloud.
import assert from 'node:assert';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { database, folder, git, launch, open, pageOf, ssot, texts, write } from './page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HOSTILE = 'x</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>';

const RULES = `ssot: 1
rules:
  - id: one-router
    kind: single-class
    canonical: app::Router
    match: {name: ".*Router"}
  - id: new-names
    kind: legacy-name
    severity: warning
    description: Nobody writes <b>Old</b> \u2028 any more.
    replace: {"app::Old": "app::New"}
    allow: [{file: "lib/allowed.cpp", reason: "leaves with v3"}]
`;
const CANONICAL = '#pragma once\nnamespace app { class Router { public: int route(int id) { return id; } }; struct Old {}; struct New {}; }\n';
const duplicate = (name) => `class ${name}Router {\n  int n;\npublic:\n  int route(int id) { n = id; return n; }\n};\n`;
const use = (name) => `int ${name}(int x) {\n  app::Old old;\n  (void)old;\n  return x;\n}\n`;

let root, file, browser, report;

before(async () => {
  root = folder();
  write(root, {
    '.ssot.yaml': RULES, CODEOWNERS: '* @all\n/src/ @coders\n', 'src/app.h': CANONICAL,
    'src/a.cpp': `#include "app.h"\n${duplicate('First')}${use('one')}${use('two')}`,
    'lib/deep/b.cpp': `#include "../../src/app.h"\n${use('three')}`,
    'lib/allowed.cpp': `#include "../src/app.h"\n${use('four')}`,
    [`lib/${HOSTILE.replaceAll('/', '')}.cpp`]: `#include "../src/app.h"\nint h() { app::Old ${'/* \u202e </script> */'} x; (void)x; return 0; }\n`,
  });
  database(root, ['src/a.cpp', 'lib/deep/b.cpp', 'lib/allowed.cpp', `lib/${HOSTILE.replaceAll('/', '')}.cpp`]);
  file = pageOf(root);
  report = JSON.parse(ssot(root, 'check', '--format', 'json').stdout);
  browser = await launch();
});
after(() => browser?.close());

/// Opens the page for one test; nothing may have gone wrong in it.
async function on(options, use) {
  const tab = await open(browser, options.file || file, options);
  try {
    await use(tab);
    assert.deepStrictEqual(tab.wrong, []);
  } finally {
    await tab.close();
  }
}

const count = (tab) => tab.$eval('.count', (element) => element.textContent);
const places = (tab) => texts(tab, '#findings-grid .rows .line .cell:nth-child(2)');

async function axeFindsNothing(tab) {
  await tab.evaluate(() => document.querySelectorAll('details').forEach((part) => { part.open = true; }));
  const session = await tab.createCDPSession(); // the page's own policy lets no other script in
  await session.send('Runtime.evaluate', { expression: AXE });
  const { result } = await session.send('Runtime.evaluate', { expression: 'axe.run().then((found) => JSON.stringify([found.passes.length, found.violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))])]))', awaitPromise: true, returnByValue: true });
  const [passes, violations] = JSON.parse(result.value);
  assert.deepStrictEqual(violations, []);
  assert.ok(passes > 30, `axe judged ${passes} rules`);
}

describe('what it says', () => {
  test('figures with numerator, denominator and coverage', () => on({}, async (tab) => {
    const { ssot, sites, compliant, architecture, files, clean_files } = report.compliance;
    assert.deepStrictEqual(await texts(tab, '.big'), [`${ssot.toFixed(1)} %`, `${architecture.toFixed(1)} %`, '100.0 %']);
    assert.deepStrictEqual(await texts(tab, '.of'), [`${compliant} of ${sites} sites`, `${clean_files} of ${files} files`, '5 of 5 units and headers']);
    assert.match(await tab.$eval('#verdict', (element) => element.textContent), /Gate failed: 1 violation$/);
  }));

  test('every rule with its sites', () => on({}, async (tab) => {
    const rows = await tab.$$eval('#rules tbody tr', (lines) => lines.map((line) => [...line.cells].map((cell) => cell.textContent)));
    const expected = report.rules.map((rule) => [rule.kind, rule.severity, `${rule.compliance.toFixed(1)} %`, String(rule.compliant), String(rule.sites)]);
    assert.deepStrictEqual(rows.map((row) => row.slice(1)).sort(), expected.sort());
  }));

  test('folders with what lies below them', () => on({}, async (tab) => {
    const rows = await tab.$$eval('#folders-grid .rows .line', (lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent)));
    const below = (prefix) => report.findings.filter((finding) => finding.file.startsWith(prefix)).length;
    assert.deepStrictEqual(rows.find(([name]) => name === 'lib').slice(0, 2), ['lib', String(below('lib/'))]);
    assert.deepStrictEqual(rows.find(([name]) => name === 'lib/deep').slice(0, 2), ['lib/deep', '1']);
    assert.deepStrictEqual(rows.find(([name]) => name === '.')[1], String(below('')));
    assert.match(await tab.$eval('#modules .chart', (element) => element.getAttribute('aria-label')), /src\/a\.cpp 3/);
    assert.ok(await tab.$('#modules .chart svg'), 'the tree map is drawn');
  }));

  test('the source with the range marked, the planned edit, the drift', () => on({}, async (tab) => {
    await tab.evaluate((print) => { location.hash = `finding=${print}`; }, report.findings.find((finding) => finding.file === 'lib/deep/b.cpp').fingerprint);
    await tab.waitForSelector('.detail mark');
    assert.deepStrictEqual(await texts(tab, '.detail mark'), ['Old']);
    assert.deepStrictEqual(await texts(tab, '.diff code'), ['-   app::Old old;', '+   app::New old;']);
    await tab.evaluate((print) => { location.hash = `finding=${print}`; }, report.findings.find((finding) => finding.rule === 'one-router').fingerprint);
    await tab.waitForFunction(() => document.querySelector('.detail mark')?.textContent === 'FirstRouter');
    assert.match(await tab.$eval('.detail', (element) => element.textContent), /Drift/);
  }));

  test('no source code with --no-snippets', () => {
    const text = readFileSync(pageOf(root, '--no-snippets'), 'utf8');
    pageOf(root);
    assert.ok(!text.includes('int n;') && !text.includes('(void)old'));
    return on({}, async () => {}); // and with them there is some
  });

  test('hostile names and messages come out as text', () => on({}, async (tab) => {
    const text = readFileSync(file, 'utf8');
    assert.strictEqual(text.match(/<\/script>/g).length, 2);
    assert.ok(!text.includes('\u2028') && !text.includes('\u202e'));
    assert.ok((await places(tab)).some((place) => place.startsWith(HOSTILE.replaceAll('/', ''))));
    assert.strictEqual(await tab.$('main img, main b'), null);
    const index = (await places(tab)).findIndex((place) => place.startsWith(HOSTILE.replaceAll('/', '')));
    await tab.click(`#findings-grid-${index}`);
    assert.ok((await texts(tab, '.detail .code code')).some((line) => line.includes('\\u202e </script>')));
  }));

  test('the same bytes from another folder and time zone', () => {
    const other = folder();
    write(other, Object.fromEntries(['.ssot.yaml', 'CODEOWNERS', 'src/app.h', 'src/a.cpp', 'lib/deep/b.cpp', 'lib/allowed.cpp', `lib/${HOSTILE.replaceAll('/', '')}.cpp`].map((name) => [name, readFileSync(`${root}/${name}`)])));
    database(other, ['src/a.cpp', 'lib/deep/b.cpp', 'lib/allowed.cpp', `lib/${HOSTILE.replaceAll('/', '')}.cpp`]);
    process.env.TZ = 'Asia/Tokyo';
    assert.ok(readFileSync(pageOf(other, '-j1')).equals(readFileSync(file)));
  });
});

describe('filters, sorting and links', () => {
  test('search and filters', () => on({}, async (tab) => {
    assert.strictEqual(await count(tab), '5 of 6 findings'); // the allowed one is not shown
    await tab.type('#search', 'OLD deep');
    await tab.waitForFunction(() => document.querySelector('.count').textContent === '1 of 6 findings');
    assert.deepStrictEqual(await places(tab), ['b.cpp:3lib/deep']);
    await tab.select('.filters select', 'one-router');
    assert.strictEqual(await count(tab), '0 of 6 findings');
    await tab.click('.filters button');
    assert.strictEqual(await count(tab), '5 of 6 findings');
    await tab.type('input[list]', 'src');
    await tab.waitForFunction(() => document.querySelector('.count').textContent === '3 of 6 findings');
  }));

  test('sorting by a head, both ways', () => on({}, async (tab) => {
    const sort = '#findings-grid .heads .cell:nth-child(2) button';
    await tab.click(sort);
    const up = await places(tab);
    assert.strictEqual(await tab.$eval('#findings-grid .heads .cell:nth-child(2)', (head) => head.getAttribute('aria-sort')), 'ascending');
    await tab.click(sort);
    assert.deepStrictEqual(await places(tab), up.slice().reverse());
    assert.notDeepStrictEqual(up, up.slice().reverse());
  }));

  test('the address is a link to what is seen', () => on({ hash: '#rule=new-names&folder=src&sort=-place' }, async (tab) => {
    assert.strictEqual(await count(tab), '2 of 6 findings');
    assert.deepStrictEqual(await places(tab), ['a.cpp:13src', 'a.cpp:8src']);
    await tab.select('.filters label:nth-child(4) select', 'allowed');
    assert.match(await tab.evaluate(() => location.hash), /state=allowed/);
  }));

  test('a link to a finding opens it, excused or not', () => {
    const allowed = report.findings.find((finding) => finding.state === 'allowed');
    return on({ hash: `#finding=${allowed.fingerprint}` }, async (tab) => {
      assert.match(await tab.$eval('.detail', (element) => element.textContent), /lib\/allowed\.cpp.*leaves with v3/);
      assert.strictEqual(await tab.$eval('#findings-grid [aria-selected=true] .cell:nth-child(6)', (cell) => cell.textContent), 'allowed');
    });
  });

  test('a link to a finding that is gone says so', () => on({ hash: '#finding=0123456789abcdef' }, async (tab) => {
    assert.match(await count(tab), /there is no finding 0123456789abcdef in this report/);
  }));

  test('a rule links to its findings', () => on({}, async (tab) => {
    await tab.click('#rules a[href="#rule=new-names"]');
    await tab.waitForFunction(() => document.querySelector('.count').textContent === '4 of 6 findings');
  }));
});

describe('history', () => {
  const left = [23, 19, 15, 11, 7, 3];
  let page, commits;

  before(() => {
    const project = folder();
    write(project, { '.ssot.yaml': RULES.replace('    severity: warning\n', '').replace(/ *allow:.*\n/, ''), CODEOWNERS: '* @all\n', 'src/app.h': CANONICAL, '.gitignore': '*.json\n*.jsonl\n*.html\n' });
    database(project, ['src/a.cpp']);
    git(project, '', 'init', '-q', '-b', 'main');
    commits = left.map((count, week) => {
      write(project, { 'src/a.cpp': `#include "app.h"\n${Array.from({ length: count }, (_, i) => use(`f${i}`)).join('')}` });
      const date = `2026-01-${String(1 + 4 * week).padStart(2, '0')}T12:00:00Z`;
      git(project, date, 'add', '-A');
      git(project, date, 'commit', '-q', '-m', 'x');
      return git(project, '', 'rev-parse', 'HEAD');
    });
    ssot(project, 'history', 'import', '--history', 'h.jsonl');
    page = pageOf(project, '--history', 'h.jsonl');
  });

  test('the trend and its table', () => on({ file: page }, async (tab) => {
    assert.ok(await tab.$('#trend svg'), 'the trend is drawn');
    assert.match(await tab.$eval('#trend .chart', (chart) => chart.getAttribute('aria-label')), /over 6 commits, 2026-01-01 to 2026-01-21: SSOT compliance from 4\.1 % to 25\.0 %/);
    const rows = await tab.$$eval('#trend tbody tr', (lines) => lines.map((line) => [...line.cells].slice(1, 3).map((cell) => cell.textContent)));
    assert.deepStrictEqual(rows, commits.map((commit, i) => [commit.slice(0, 10), `${(Math.floor(1000 / (left[i] + 1)) / 10).toFixed(1)} % (1 of ${left[i] + 1})`]));
  }));

  test('the burn-down of what is chosen, and its forecast', () => on({ file: page }, async (tab) => {
    const label = () => tab.$eval('#burn-down .chart', (chart) => chart.getAttribute('aria-label'));
    assert.match(await label(), /all rules: 23 left on 2026-01-01, 3 on 2026-01-21\. 7\.0 fewer a week: done about 2026-01-24/);
    const at = await tab.$$eval('#burn-down-line option', (options) => options.find((option) => option.textContent === 'one-router').value);
    await tab.select('#burn-down-line', at);
    assert.match(await label(), /one-router: 0 left on 2026-01-01, 0 on 2026-01-21\. Nothing is left\./);
    assert.deepStrictEqual(await texts(tab, '.forecast'), ['Nothing is left.']);
  }));

  for (const dark of [false, true])
    test(`axe finds nothing, ${dark ? 'dark' : 'light'}`, () => on({ file: page, dark }, axeFindsNothing));
});

describe('for everybody', () => {
  test('by keyboard alone', () => on({}, async (tab) => {
    await tab.focus('#findings-grid');
    await tab.keyboard.press('End');
    assert.strictEqual(await tab.$eval('#findings-grid', (grid) => grid.getAttribute('aria-activedescendant')), 'findings-grid-4');
    await tab.keyboard.press('ArrowUp');
    await tab.keyboard.press('Enter');
    assert.strictEqual(await tab.evaluate(() => document.activeElement.id), 'detail-title');
    await tab.keyboard.press('Escape');
    assert.strictEqual(await tab.evaluate(() => document.activeElement.id), 'findings-grid');
    assert.strictEqual(await tab.$('.detail'), null);
  }));

  for (const dark of [false, true])
    test(`axe finds nothing, ${dark ? 'dark' : 'light'}`, () => on({ dark, hash: `#finding=${report.findings.find((finding) => finding.rule === 'one-router').fingerprint}` }, axeFindsNothing));

  test('the theme can be chosen', () => on({}, async (tab) => {
    const back = () => tab.$eval('body', (body) => getComputedStyle(body).backgroundColor);
    const light = await back();
    await tab.select('#theme', 'dark');
    assert.notStrictEqual(await back(), light);
  }));

  test('on paper it has the findings as a plain table', () => on({ dark: true }, async (tab) => {
    await tab.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.strictEqual((await tab.$$('.print-only tbody tr')).length, 5);
    assert.strictEqual(await tab.evaluate(() => document.documentElement.dataset.theme), 'light');
    await tab.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.strictEqual((await tab.$$('.print-only tbody tr')).length, 0);
    assert.ok((await tab.pdf({ format: 'A4' })).length > 10000);
  }));
});

test('50,000 findings: under 15 MB, and only the rows in sight are elements', async () => {
  const large = folder();
  const files = Array.from({ length: 25 }, (_, i) => `src/module_${i % 5}/part_${i}.cpp`);
  write(large, { '.ssot.yaml': RULES.replace(/ *allow:.*\n/, ''), 'src/app.h': CANONICAL });
  files.forEach((name, i) => write(large, { [name]: `#include "../app.h"\n${Array.from({ length: 2000 }, (_, n) => `int f${i}_${n}(int x) { app::Old old_value_${n}; (void)old_value_${n}; return x + ${n}; }\n`).join('')}` }));
  database(large, files);
  const page = pageOf(large, '-j2');
  const megabytes = statSync(page).size / 1e6;
  assert.ok(megabytes < 15, `${megabytes} MB`);
  await on({ file: page }, async (tab) => {
    assert.strictEqual(await count(tab), '50,000 of 50,000 findings');
    assert.ok((await tab.$$('#findings-grid .rows .line')).length < 60);
    // A measurement for the log; `docs/dashboard.md` says what it was. No test fails for a busy machine.
    const times = await tab.evaluate(() => new Promise((resolve) => {
      const opened = performance.getEntriesByType('navigation')[0].loadEventEnd;
      const search = document.querySelector('#search'), began = performance.now();
      search.value = 'old part_7';
      search.dispatchEvent(new Event('input'));
      const look = () => (document.querySelector('.count').textContent.startsWith('2,000 ') ? resolve([opened, performance.now() - began]) : requestAnimationFrame(look));
      look();
    }));
    console.log(`50,000 findings, ${megabytes.toFixed(1)} MB: opened in ${Math.round(times[0])} ms, filtered in ${Math.round(times[1])} ms`);
    await tab.focus('#findings-grid');
    await tab.keyboard.press('End');
    assert.match((await places(tab)).at(-1), /part_7\.cpp:2001/);
  });
});
