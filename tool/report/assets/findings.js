// The findings: filters, the table, the finding that is open. The address says all of it, so that it can be sent to somebody.
import { F, SEVERITIES, STATES, rankOf, report, rows, severityBadge, word, words, wordsWith } from './data.js';
import { detail } from './detail.js';
import { counted, h, number, replace } from './dom.js';
import { Grid } from './grid.js';

const PRINTED = 300; // rows of the table on paper

const searched = [F.rule, F.kind, F.file, F.symbol, F.canonical, F.message, F.owner];
const START = { q: '', rule: '', severity: '', state: 'new', owner: '', folder: '', sort: '', finding: '' };

const sortKeys = {
  severity: (row) => row[F.severity], state: (row) => row[F.state], rule: (row) => rankOf(row[F.rule]), symbol: (row) => rankOf(row[F.symbol]),
  message: (row) => rankOf(row[F.message]), owner: (row) => rankOf(row[F.owner]), place: null, // rows come by place
};

export class Findings {
  constructor() {
    this.state = { ...START };
    this.byFingerprint = new Map(rows.map((row) => [row[F.fingerprint], row]));
    this.grid = new Grid({
      id: 'findings-grid', label: 'Findings', columns: [
        { key: 'severity', label: 'Severity', width: '6rem', cell: (row) => severityBadge(SEVERITIES[row[F.severity]]) },
        { key: 'place', label: 'Place', width: 'minmax(10rem, 1.3fr)', cell: (row) => this.place(row) },
        { key: 'rule', label: 'Rule', width: 'minmax(7rem, .8fr)', cell: (row) => word(row, F.rule) },
        { key: 'message', label: 'Message', width: 'minmax(12rem, 2fr)', cell: (row) => word(row, F.message) },
        { key: 'owner', label: 'Owner', width: 'minmax(5rem, .5fr)', cell: (row) => word(row, F.owner) },
        { key: 'state', label: 'State', width: '6.5rem', cell: (row) => STATES[row[F.state]] },
      ],
      open: (row) => this.open(row, true), sorted: (key, down) => this.change({ sort: (down ? '-' : '') + key }),
    });
    this.count = h('p.count', { role: 'status' });
    this.panel = h('div.panel', null);
    this.print = h('div.print-only', null);
    this.element = h('section', { id: 'findings', 'aria-labelledby': 'findings-title', tabindex: '-1' },
      h('h2', { id: 'findings-title' }, 'Findings'), this.filters(), this.count,
      report.withoutExcerpt > 0 && h('p.hint', null, `To keep this page small, ${counted(report.withoutExcerpt, 'finding')} of the least severe have no source excerpt.`),
      h('div.split', null, this.grid.element, this.panel), this.print);
    addEventListener('hashchange', () => this.read());
    addEventListener('beforeprint', () => this.fillPrint());
    addEventListener('afterprint', () => replace(this.print));
  }

  place(row) {
    const file = word(row, F.file), slash = file.lastIndexOf('/') + 1;
    return h('span', { title: `${file}:${row[F.line]}:${row[F.column]}` }, `${file.slice(slash)}:${row[F.line]}`, slash > 0 && h('span.folder', null, file.slice(0, slash - 1)));
  }

  filters() {
    const valuesOf = (at) => [...new Set(rows.map((row) => row[at]))].map((value) => words[value]).sort();
    const select = (name, label, options, all = 'all') => h('label', null, h('span', null, label),
      (this.controls[name] = h('select', { onchange: (event) => this.change({ [name]: event.target.value }) },
        h('option', { value: '' }, all), options.map((value) => h('option', { value }, value)))));
    this.controls = {};
    let typing = 0;
    const later = (name) => (event) => { clearTimeout(typing); typing = setTimeout(() => this.change({ [name]: event.target.value }), 60); };
    return h('form.filters', { role: 'search', 'aria-label': 'Filter the findings', onsubmit: (event) => event.preventDefault() },
      h('label.wide', null, h('span', null, 'Search'), (this.controls.q = h('input', { type: 'search', id: 'search', placeholder: 'words of a message, symbol, file, rule, owner', autocomplete: 'off', oninput: later('q') }))),
      select('rule', 'Rule', valuesOf(F.rule)), select('severity', 'Severity', SEVERITIES), select('state', 'State', STATES), select('owner', 'Owner', valuesOf(F.owner)),
      h('label', null, h('span', null, 'Folder or file'), (this.controls.folder = h('input', { type: 'text', list: 'folders', placeholder: 'all', autocomplete: 'off', oninput: later('folder') }))),
      h('datalist', { id: 'folders' }, report.folders.filter((folder) => folder.name !== '.').slice(0, 1000).map((folder) => h('option', { value: folder.name }))),
      h('button.quiet', { type: 'button', onclick: () => this.change({ ...START }) }, 'Reset'));
  }

  matching() {
    const { q, rule, severity, state, owner, folder } = this.state;
    const terms = q.toLowerCase().split(/\s+/).filter(Boolean).map((term) => ({ term, has: wordsWith(term) }));
    const severityAt = SEVERITIES.indexOf(severity), stateAt = STATES.indexOf(state);
    const inFolder = folder && words.map((text) => text === folder || text.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
    return rows.filter((row) => (!rule || words[row[F.rule]] === rule) && (severityAt < 0 || row[F.severity] === severityAt) &&
      (stateAt < 0 || row[F.state] === stateAt) && (!owner || words[row[F.owner]] === owner) && (!inFolder || inFolder[row[F.file]]) &&
      terms.every(({ term, has }) => searched.some((at) => has[row[at]]) || row[F.fingerprint].includes(term)));
  }

  sorted(found) {
    const down = this.state.sort.startsWith('-'), key = this.state.sort.replace('-', ''), by = sortKeys[key];
    if (!key) return found.sort((a, b) => (a[F.state] !== 0) - (b[F.state] !== 0) || a[F.severity] - b[F.severity]); // the worst first
    if (by) found.sort((a, b) => (down ? by(b) - by(a) : by(a) - by(b)));
    else if (down) found.reverse();
    return found;
  }

  /// Filters, sorts and shows; the address follows.
  change(changes) {
    Object.assign(this.state, changes);
    this.show();
    this.writeAddress();
  }

  writeAddress() {
    const parts = Object.entries(this.state).filter(([name, value]) => value !== START[name]);
    history.replaceState(null, '', `#${parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&') || 'findings'}`);
  }

  show() {
    for (const [name, control] of Object.entries(this.controls)) if (control.value !== this.state[name]) control.value = this.state[name];
    const found = this.matching();
    const key = this.state.sort.replace('-', '');
    this.grid.set(this.sorted(found), { key: key || null, down: this.state.sort.startsWith('-') });
    this.grid.element.scrollTop = 0;
    this.found = found;
    this.count.textContent = `${number(found.length)} of ${counted(rows.length, 'finding')}`;
    const row = this.byFingerprint.get(this.state.finding);
    if (row) this.open(row, false); else replace(this.panel);
    if (row) this.grid.reveal(row);
  }

  open(row, moves) {
    const close = () => { this.change({ finding: '' }); this.grid.chosen = null; this.grid.draw(); this.grid.element.focus(); };
    replace(this.panel, detail(row, close));
    if (!moves) return;
    this.state.finding = row[F.fingerprint];
    this.writeAddress();
    this.panel.querySelector('h3').focus({ preventScroll: true });
  }

  /// Takes the filters from the address: #rule=ID, #finding=FINGERPRINT, and what the filters themselves write.
  read() {
    const given = new URLSearchParams(location.hash.slice(1));
    if (![...given.keys()].some((name) => name in START)) { this.show(); return; }
    const state = { ...START };
    for (const [name, value] of given) if (name in START) state[name] = value;
    const row = this.byFingerprint.get(state.finding);
    if (row && !given.has('state')) state.state = row[F.state] === 0 ? 'new' : '';
    this.state = state;
    this.show();
    if (state.finding && !row) this.count.textContent += `; there is no finding ${state.finding} in this report`;
    this.element.scrollIntoView({ block: 'start' });
  }

  fillPrint() {
    const shown = this.found.slice(0, PRINTED);
    replace(this.print, h('table', null, h('thead', null, h('tr', null, ['Severity', 'Place', 'Rule', 'Message', 'State'].map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', null, shown.map((row) => h('tr', null, h('td', null, SEVERITIES[row[F.severity]]), h('td', null, `${word(row, F.file)}:${row[F.line]}`),
        h('td', null, word(row, F.rule)), h('td', null, word(row, F.message)), h('td', null, STATES[row[F.state]]))))),
      shown.length < this.found.length && h('p', null, `The first ${number(shown.length)} of ${counted(this.found.length, 'finding')}; filter before printing to choose others.`));
  }
}
