// The page, from top to bottom.
import { burnDown, drawCharts, treeMap, trend } from './charts.js';
import { report, severityBadge } from './data.js';
import { driftTable } from './detail.js';
import { counted, h, number, replace } from './dom.js';
import { Findings } from './findings.js';
import { Grid, table } from './grid.js';

const findings = new Findings();
const goTo = (changes) => { findings.change({ q: '', rule: '', severity: '', owner: '', folder: '', finding: '', ...changes }); findings.element.scrollIntoView({ block: 'start' }); };
const section = (id, title, ...children) => h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title` }, title), ...children);
const share = (value) => (value.percent === null ? '—' : value.text);
const byPercent = (value) => (value.percent === null ? 101 : value.percent);
const code = (text) => h('code', null, text);

function theme() {
  const names = ['auto', 'light', 'dark'];
  const set = (name) => {
    if (name === 'auto') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = name;
    drawCharts();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts);
  let before = 'auto';
  addEventListener('beforeprint', () => { before = document.documentElement.dataset.theme || 'auto'; set('light'); });
  addEventListener('afterprint', () => set(before));
  return h('label.theme', null, h('span', null, 'Theme'), h('select', { id: 'theme', onchange: (event) => set(event.target.value) }, names.map((name) => h('option', { value: name }, name))));
}

function header() {
  return h('header', null,
    h('div', null, h('h1', null, 'SSOT compliance'), h(`p.verdict.${report.passed ? 'passed' : 'failed'}`, { id: 'verdict' }, h('span', { 'aria-hidden': 'true' }, report.passed ? '✓ ' : '✕ '), report.verdict)),
    theme());
}

function navigation(sections) {
  return h('nav', { 'aria-label': 'Sections' }, h('ul', null, sections.map((part) => h('li', null, h('a', { href: `#${part.id}` }, part.querySelector('h2').textContent)))));
}

function figures() {
  const card = (figure) => h('div.figure', { id: `figure-${figure.id}` }, h('h3', null, figure.name), h('p.big', null, figure.text),
    h('div.bar', { 'aria-hidden': 'true' }, h('div', { style: { width: `${figure.percent ?? 0}%`, background: `var(--chart-${figure.id})` } })),
    h('p.of', null, `${number(figure.part)} of ${number(figure.whole)} ${figure.of}`, figure.id === 'ssot' && report.minCompliance ? `; the minimum is ${report.minCompliance} %` : '',
      figure.id !== 'coverage' && !report.complete ? h('strong', null, '; the analysis is incomplete') : ''));
  return section('figures', 'Figures', h('div.cards', null, report.figures.map(card)),
    h('p.hint', null, 'Rounded down, never up: 100 % only when nothing is left. Excused sites (suppressed, allowed, in the baseline) stay non-compliant. Again with ', code('ssot check'), '.'));
}

function incomplete() {
  if (!report.failures.length && !report.unjudged.length && !report.unreachedHeaders.length && !report.orphanSources.length) return null;
  const list = (title, items, cell) => items.length > 0 && h('details', { open: items.length <= 10 }, h('summary', null, `${title} (${number(items.length)})`), h('ul', null, items.map((item) => h('li', null, cell(item)))));
  return section('not-analysed', 'Not analysed, not judged', report.missing && h('p', null, report.missing),
    list('Could not be analysed', report.failures, (failure) => [code(failure.file), `: ${failure.error}`]),
    list('Mentions that could not be judged', report.unjudged, (entry) => [code(`${entry.file}:${entry.line}`), ` ${entry.symbol} (${entry.rule}): ${entry.reason}`]),
    list('Headers that no unit includes', report.unreachedHeaders, code), list('Sources that no compile command compiles', report.orphanSources, code));
}

function history() {
  if (!report.history || !report.history.entries.length) return [];
  const { entries, burnDown: lines } = report.history;
  const figure = (entry, id) => `${entry[id].text} (${number(entry[id].part)} of ${number(entry[id].whole)})`;
  const data = h('details', null, h('summary', null, 'The figures as a table'), table({
    caption: 'Figures by commit', key: 0, items: entries, columns: [
      { label: 'Date', value: (entry) => entry.date }, { label: 'Commit', value: (entry) => entry.commit, cell: (entry) => code(entry.commit.slice(0, 10)) },
      ...['ssot', 'architecture', 'coverage'].map((id) => ({ label: { ssot: 'SSOT', architecture: 'Architecture', coverage: 'Coverage' }[id], value: (entry) => byPercent(entry[id]), cell: (entry) => figure(entry, id) })),
      { label: 'Violations', numeric: true, value: (entry) => entry.violations }, { label: 'Complete', value: (entry) => (entry.complete ? 'yes' : 'no') },
    ],
  }));
  const chart = burnDown();
  const forecast = h('p.forecast', { role: 'status' }, lines[0].forecast.text);
  const names = { all: 'All rules of severity error', rule: 'Rules', owner: 'Owners', legacy: 'Legacy names' };
  const select = h('select', { id: 'burn-down-line', onchange: (event) => { const line = lines[event.target.value]; chart.show(line); forecast.textContent = line.forecast.text; } },
    Object.entries(names).map(([group, name]) => {
      const options = lines.flatMap((line, i) => (line.group === group ? [h('option', { value: String(i) }, line.name)] : []));
      return options.length > 0 && h('optgroup', { label: name }, options);
    }));
  const outlook = lines.filter((line) => line.group !== 'all');
  return [
    section('trend', 'Trend', trend().element, data),
    section('burn-down', 'Burn-down', h('div.filters', null, h('label', null, h('span', null, 'What is left of'), select)), chart.element, forecast,
      h('p.hint', null, 'Violations that are left, excused or not; for legacy names, their uses in the code. The forecast is the median slope of the last 90 days, the dotted lines its quarter points.'),
      outlook.length > 0 && h('details', null, h('summary', null, 'By rule, owner and legacy name'), table({
        caption: 'Burn-down by rule, owner and legacy name', key: 2, down: true, items: outlook, columns: [
          { label: 'Kind', value: (line) => line.group }, { label: 'Name', value: (line) => line.name },
          { label: 'Left', numeric: true, value: (line) => line.points[line.points.length - 1][1] },
          { label: 'At first', numeric: true, value: (line) => line.points[0][1] }, { label: 'Forecast', value: (line) => line.forecast.text },
        ],
      }))),
  ];
}

function modules() {
  const shown = report.folders.filter((folder) => folder.violations || folder.files);
  const grid = new Grid({
    id: 'folders-grid', label: 'Folders', rows: 11, columns: [
      { key: 'name', label: 'Folder', width: 'minmax(9rem, 1fr)', cell: (folder) => folder.name },
      { key: 'violations', label: 'Violations', width: '6rem', numeric: true, cell: (folder) => number(folder.violations) },
      { key: 'new', label: 'New', width: '4rem', numeric: true, cell: (folder) => number(folder.new) },
      { key: 'clean', label: 'Clean files', width: '9rem', numeric: true, cell: (folder) => (folder.files ? `${number(folder.clean)} of ${number(folder.files)}` : '—') },
    ],
    open: (folder) => goTo({ folder: folder.name === '.' ? '' : folder.name, state: '' }),
    sorted: (key, down) => sort(key, down),
  });
  const value = { name: (folder) => folder.name, violations: (folder) => folder.violations, new: (folder) => folder.new, clean: (folder) => (folder.files ? folder.clean / folder.files : 2) };
  const sort = (key, down) => grid.set(shown.slice().sort((a, b) => (down ? -1 : 1) * (value[key](a) < value[key](b) ? -1 : value[key](a) > value[key](b) ? 1 : 0)), { key, down });
  sort('violations', true);
  const map = report.files.length > 0 && treeMap((path) => goTo({ folder: path, state: '' })).element;
  return section('modules', 'Modules', h('div.split.even', null,
    h('div', null, map || h('p.empty', null, 'No file has a violation.'), map && h('p.hint', null, 'Area: violations. Colour: files with a violation, from ', h('span.heat', { 'aria-hidden': 'true' }, [0, 1, 2, 3, 4].map((i) => h('i', { style: { background: `var(--heat-${i})` } }))), ' few to all. A click on a folder opens it, on a file shows its findings.')),
    h('div', null, grid.element, h('p.hint', null, 'A folder counts with what lies below it. Enter or a click shows its findings.'))));
}

function rules() {
  return section('rules', 'Rules', table({
    caption: 'Rules', key: 3, items: report.rules, columns: [
      { label: 'Rule', value: (rule) => rule.id, cell: (rule) => [h('a', { href: `#rule=${encodeURIComponent(rule.id)}` }, rule.id), rule.help ? h('div.hint', null, rule.help) : null] },
      { label: 'Kind', value: (rule) => rule.kind }, { label: 'Severity', value: (rule) => rule.severity, cell: (rule) => severityBadge(rule.severity) },
      { label: 'Compliance', value: byPercent, cell: (rule) => share(rule) },
      { label: 'Compliant', numeric: true, value: (rule) => rule.part }, { label: 'Sites', numeric: true, value: (rule) => rule.whole },
    ],
  }), h('p.hint', null, 'Again with ', code('ssot check --rule RULE'), '; ', code('ssot explain RULE'), ' says what a rule means.'));
}

function owners() {
  if (!report.owners.length) return null;
  return section('owners', 'Owners', table({
    caption: 'Owners', key: 1, down: true, items: report.owners, columns: [
      { label: 'Owner', value: (owner) => owner.name, cell: (owner) => h('a', { href: `#state=&owner=${encodeURIComponent(owner.name)}` }, owner.name) },
      { label: 'Violations', numeric: true, value: (owner) => owner.violations }, { label: 'New', numeric: true, value: (owner) => owner.new },
    ],
  }), h('p.hint', null, 'Violations of severity error by CODEOWNERS.'));
}

function duplicates() {
  if (!report.drifts.length) return null;
  const place = (drift) => `${drift.file}:${drift.line}`;
  return section('duplicates', 'Duplicates and their drift', report.drifts.map((drift) => h('details', null,
    h('summary', null, code(drift.symbol), ' against ', code(drift.canonical), ': ', h('strong', null, drift.verdict)), h('p', null, code(place(drift)), ` (${drift.rule})`), driftTable(drift, 'h3'))),
  h('p.hint', null, 'Again with ', code('ssot check --drift'), '.'));
}

function others() {
  if (!report.adapters.length && !report.asides.length) return null;
  return section('others', 'Adapters and what is no site',
    report.adapters.length > 0 && table({ caption: 'Adapters', items: report.adapters, columns: [
      { label: 'Adapter', value: (adapter) => adapter.symbol, cell: (adapter) => code(adapter.symbol) }, { label: 'Canonical', value: (adapter) => adapter.canonical, cell: (adapter) => code(adapter.canonical) }, { label: 'Place', value: (adapter) => `${adapter.file}:${adapter.line}` }] }),
    report.asides.length > 0 && table({ caption: 'What is no site', items: report.asides, columns: [
      { label: 'Symbol', value: (aside) => aside.symbol, cell: (aside) => code(aside.symbol) }, { label: 'Role', value: (aside) => aside.role }, { label: 'Rule', value: (aside) => aside.rule }, { label: 'Place', value: (aside) => `${aside.file}:${aside.line}` }] }));
}

const sections = [figures(), incomplete(), ...history(), modules(), rules(), owners(), findings.element, duplicates(), others()].filter(Boolean);
replace(document.getElementById('page'), header(), navigation(sections), h('main', null, sections));
document.getElementById('made').textContent = `Made by ssot ${report.version}; ${counted(report.findings.length, 'finding')}. This page loads nothing from a network.`;
findings.read();
