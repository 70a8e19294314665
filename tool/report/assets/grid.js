// A table of any length: only the rows in sight are elements. To assistive technology it is a grid with all its rows: it tells its count and
// the number of each row, and the arrow keys move through all of them.
import { h, number, replace } from './dom.js';

const ROW = 34; // pixels, as in page.css
const BEYOND = 8; // rows above and below those in sight

export class Grid {
  /// columns: [{key, label, width, cell(item) -> node or text, sorts}]; open(item) when a row is chosen; sorted(key, down) when a head is.
  constructor({ id, label, columns, open, sorted, rows = 14 }) {
    Object.assign(this, { id, columns, open, sorted, items: [], active: -1, chosen: null });
    const template = columns.map((column) => column.width).join(' ');
    this.heads = columns.map((column) => h(`div.cell${column.numeric ? '.number' : ''}`, { role: 'columnheader', 'aria-sort': column.sorts === false ? null : 'none' },
      column.sorts === false ? column.label : h('button.sort', { type: 'button', onclick: () => this.clickHead(column.key) }, column.label)));
    this.body = h('div.rows', { role: 'rowgroup' });
    this.element = h('div.grid', {
      id, role: 'grid', tabindex: '0', 'aria-label': label, 'aria-colcount': columns.length, style: { maxHeight: `${(rows + 1) * ROW + 2}px` },
      onscroll: () => this.schedule(), onkeydown: (event) => this.key(event), onfocus: () => this.focus(),
    }, h('div.heads', { role: 'rowgroup' }, h('div.line', { role: 'row', 'aria-rowindex': 1, style: { gridTemplateColumns: template } }, this.heads)), this.body);
    this.template = template;
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /// Shows these items, from the first.
  set(items, { key = null, down = false } = {}) {
    this.items = items;
    this.first = -1;
    this.active = Math.min(this.active, items.length - 1);
    this.sort = { key, down };
    this.columns.forEach((column, i) => {
      if (column.sorts !== false) this.heads[i].setAttribute('aria-sort', column.key !== key ? 'none' : down ? 'descending' : 'ascending');
    });
    this.element.setAttribute('aria-rowcount', items.length + 1);
    this.body.style.height = `${items.length * ROW}px`;
    this.draw();
  }

  clickHead(key) { this.sorted(key, this.sort.key === key && !this.sort.down); }

  schedule() {
    if (this.scheduled) return;
    this.scheduled = requestAnimationFrame(() => { this.scheduled = 0; this.draw(); });
  }

  draw() {
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW) - BEYOND);
    const last = Math.min(this.items.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / ROW) + BEYOND);
    // Rows that stay are not made again: a click on a row that is replaced while the button is down would be lost.
    if (first !== this.first || last !== this.last) {
      const lines = [];
      for (let at = first; at < last; ++at) lines.push(this.line(at));
      replace(this.body, lines);
      Object.assign(this, { first, last });
    }
    [...this.body.children].forEach((line, i) => {
      line.classList.toggle('active', first + i === this.active);
      line.setAttribute('aria-selected', String(this.items[first + i] === this.chosen));
    });
    const isInSight = this.active >= first && this.active < last;
    if (isInSight) this.element.setAttribute('aria-activedescendant', `${this.id}-${this.active}`);
    else this.element.removeAttribute('aria-activedescendant');
  }

  line(at) {
    const item = this.items[at];
    return h('div.line', {
      id: `${this.id}-${at}`, role: 'row', 'aria-rowindex': at + 2, style: { top: `${at * ROW}px`, gridTemplateColumns: this.template },
      onclick: () => { this.active = at; this.choose(); },
    }, this.columns.map((column) => h(`div.cell${column.numeric ? '.number' : ''}`, { role: 'gridcell' }, column.cell(item))));
  }

  focus() {
    if (this.active < 0 && this.items.length) { this.active = 0; this.draw(); }
  }

  choose() {
    this.chosen = this.items[this.active];
    this.draw();
    if (this.chosen !== undefined) this.open(this.chosen);
  }

  /// Marks an item as chosen and brings it into sight.
  reveal(item) {
    this.chosen = item;
    const at = this.items.indexOf(item);
    if (at >= 0) this.moveTo(at); else this.draw();
  }

  moveTo(at) {
    this.active = Math.max(0, Math.min(this.items.length - 1, at));
    const view = this.element, top = this.active * ROW, inside = view.clientHeight - ROW;
    if (top < view.scrollTop) view.scrollTop = top;
    else if (top + ROW > view.scrollTop + inside) view.scrollTop = top + ROW - inside;
    this.draw();
  }

  key(event) {
    if (event.target !== this.element) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 2);
    const to = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page, PageUp: this.active - page, Home: 0, End: this.items.length - 1 }[event.key];
    if (to !== undefined) this.moveTo(to);
    else if (event.key === 'Enter' || event.key === ' ') this.choose();
    else return;
    event.preventDefault();
  }
}

/// A plain table for short lists, sorted by the head that is clicked. columns: [{label, value(item), cell(item), numeric}].
export function table({ caption, columns, items, key = 0, down = false }) {
  const body = h('tbody');
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const heads = columns.map((column, i) => h(`th${column.numeric ? '.number' : ''}`, { scope: 'col' },
    h('button.sort', { type: 'button', onclick: () => { down = key === i ? !down : Boolean(column.numeric); key = i; draw(); } }, column.label)));
  const draw = () => {
    heads.forEach((head, i) => head.setAttribute('aria-sort', i !== key ? 'none' : down ? 'descending' : 'ascending'));
    const sorted = items.slice().sort((a, b) => (down ? -1 : 1) * compare(columns[key].value(a), columns[key].value(b)));
    replace(body, sorted.map((item) => h('tr', null, columns.map((column) => h(`td${column.numeric ? '.number' : ''}`, null,
      column.cell ? column.cell(item) : column.numeric ? number(column.value(item)) : column.value(item))))));
  };
  draw();
  return h('div.scroll', { tabindex: '0', role: 'group', 'aria-label': caption },
    h('table', null, h('caption.sr', null, caption), h('thead', null, h('tr', null, heads)), body));
}
