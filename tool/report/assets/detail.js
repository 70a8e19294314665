// One finding: where it stands, the source with the range marked, what its duplicate does otherwise, the edit that is planned.
import { F, SEVERITIES, STATES, report, severityBadge, word, words } from './data.js';
import { h, number } from './dom.js';

const driftOf = new Map(report.drifts.map((drift) => [`${drift.rule}\n${drift.file}\n${drift.line}\n${drift.symbol}`, drift]));

const field = (name, value) => value && [h('dt', null, name), h('dd', null, value)];

export function detail(row, close) {
  const more = row[F.more] || { notes: [], edit: null };
  const drift = driftOf.get([word(row, F.rule), word(row, F.file), row[F.line], word(row, F.symbol)].join('\n'));
  const place = `${word(row, F.file)}:${row[F.line]}:${row[F.column]}`;
  return h('section.detail', { 'aria-labelledby': 'detail-title', onkeydown: (event) => { if (event.key === 'Escape') close(); } },
    h('div.detail-head', null,
      h('h3', { id: 'detail-title', tabindex: '-1' }, place),
      h('button.quiet', { type: 'button', onclick: close, 'aria-label': 'Close the finding' }, '\u2715')),
    h('p.message', null, severityBadge(SEVERITIES[row[F.severity]]), ' ', word(row, F.message)),
    excerpt(row),
    more.notes.length > 0 && h('ul.notes', null, more.notes.map(([file, line, text]) => h('li', null, file ? h('code', null, `${words[file]}:${line}`) : null, file ? ' ' : null, words[text]))),
    more.edit && edit(more.edit),
    drift && driftTable(drift),
    h('dl', null,
      field('Rule', h('a', { href: `#rule=${encodeURIComponent(word(row, F.rule))}` }, word(row, F.rule))),
      field('Symbol', word(row, F.symbol) && h('code', null, word(row, F.symbol))),
      field('Canonical', word(row, F.canonical) && h('code', null, word(row, F.canonical))),
      field('Likeness', row[F.similarity] ? String(row[F.similarity]) : ''),
      field('State', STATES[row[F.state]] + (word(row, F.reason) ? `: ${word(row, F.reason)}` : '')),
      field('Owner', word(row, F.owner)),
      field('Fingerprint', h('code', null, row[F.fingerprint])),
      field('Link', h('a', { href: `#finding=${row[F.fingerprint]}` }, 'to this finding'))));
}

function excerpt(row) {
  const source = report.sources[row[F.file]];
  if (!row[F.marks] || !source) return report.snippets ? null : h('p.hint', null, 'Source code was left out of this report (--no-snippets).');
  const [begin, end] = row[F.marks];
  const first = row[F.line], last = row[F.endLine];
  const lines = [];
  let shown = first;
  for (let line = Math.max(1, first - 2); line <= last + 2; ++line) {
    const text = source[line];
    if (text === undefined) { if (line > first) break; continue; }
    shown = Math.min(line, last);
    const from = line < first || line > last ? -1 : line === first ? begin : text.length - text.trimStart().length;
    const to = line === last ? end : text.length;
    lines.push(h('div.code-line', null, h('span.line-number', { 'aria-hidden': 'true' }, String(line)),
      from < 0 ? h('code', null, text) : h('code', null, text.slice(0, from), h('mark', null, text.slice(from, to) || ' '), text.slice(Math.max(from, to)))));
  }
  return h('figure.code', { 'aria-label': `Source, lines around ${first}`, tabindex: '0' }, lines,
    shown < last && h('figcaption', null, `… ${number(last - shown)} more lines, to line ${number(last)}`));
}

function edit(hunks) {
  const line = (tag, sign, at, text) => h(tag, null, h('span.line-number', { 'aria-hidden': 'true' }, at ? String(at) : ''), h('code', null, `${sign} ${text}`));
  return h('div', null, h('h4', null, 'Planned edit'),
    h('figure.code.diff', { tabindex: '0', 'aria-label': 'Planned edit, before and after' }, hunks.map(([at, before, after]) => [
      before.map((text, i) => line('del', '-', at + i, text)), after.map((text) => line('ins', '+', 0, text))])),
    h('p.hint', null, 'As ', h('code', null, 'ssot migrate'), ' plans it. It is not proven yet: ', h('code', null, 'ssot migrate'), ' compiles every edit before it writes one.'));
}

/// What a duplicate does otherwise than the canonical one, method by method.
export function driftTable(drift, heading = 'h4') {
  const lines = drift.methods.flatMap((method) => (method.differences.length ? method.differences : [null]).map((difference) => h('tr', null,
    h('td', null, h('code', null, method.canonical || '—')), h('td', null, h('code', null, method.duplicate || '—')),
    h('td', null, difference ? difference.kind : 'none'), h('td', null, difference && difference.decides ? 'yes' : 'no'),
    h('td', null, difference ? difference.text : 'nothing is different', difference && (difference.atDuplicate || difference.atCanonical)
      ? h('div.hint', null, [difference.atDuplicate && `here ${difference.atDuplicate}`, difference.atCanonical && `canonical ${difference.atCanonical}`].filter(Boolean).join(', ')) : null))));
  return h('div', null, h(heading, null, 'Drift'),
    h('p', null, h('strong', null, drift.verdict), drift.reason ? `: ${drift.reason}` : ''),
    lines.length > 0 && h('div.scroll', { tabindex: '0', role: 'group', 'aria-label': `Drift of ${drift.symbol}` }, h('table', null,
      h('thead', null, h('tr', null, ['Canonical', 'Duplicate', 'Drift', 'To decide', 'What'].map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', null, lines))));
}
