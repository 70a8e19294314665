// The data of the page, as report/html.cpp writes them: words by number, findings as rows of numbers.
import { h } from './dom.js';

export const report = JSON.parse(document.getElementById('data').textContent);
export const words = report.words;
export const rows = report.findings;
export const SEVERITIES = ['error', 'warning', 'note'];
export const STATES = ['new', 'baseline', 'suppressed', 'allowed'];

/// Fields of a row; those with a word hold its number.
export const F = {
  rule: 0, kind: 1, severity: 2, state: 3, file: 4, line: 5, column: 6, endLine: 7, symbol: 8, canonical: 9, message: 10, fingerprint: 11,
  owner: 12, reason: 13, fixable: 14, similarity: 15, marks: 16, more: 17,
};

export const word = (row, field) => words[row[field]];

/// The rank of each word in the order of its characters, so that sorting compares numbers.
let ranks = null;
export function rankOf(number) {
  if (!ranks) {
    const order = words.map((_, i) => i).sort((a, b) => (words[a] < words[b] ? -1 : words[a] > words[b] ? 1 : 0));
    ranks = new Int32Array(words.length);
    order.forEach((wordNumber, rank) => { ranks[wordNumber] = rank; });
  }
  return ranks[number];
}

/// For a search term: a 1 for each word that has it.
let lower = null;
export function wordsWith(term) {
  lower = lower || words.map((text) => text.toLowerCase());
  const has = new Uint8Array(words.length);
  for (let i = 0; i < lower.length; ++i) if (lower[i].includes(term)) has[i] = 1;
  return has;
}

export const severityBadge = (name) => h(`span.badge.${name}`, null, name);
