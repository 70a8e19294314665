// Trend, burn-down and tree map. Each picture has a name that says what it shows, and its figures stand beside it in a table.
import { LineChart, TreemapChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { report } from './data.js';
import { color, counted, h, number } from './dom.js';

echarts.use([LineChart, TreemapChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const charts = [];

/// A chart that is drawn again in the colours of a new theme and when its width changes. option() gives what to draw.
export class Chart {
  constructor({ height, option, click }) {
    this.element = h('div.chart', { role: 'img', style: { height: `${height}px` } });
    Object.assign(this, { option, click });
    charts.push(this);
    new ResizeObserver(() => (this.drawn ? this.drawn.resize({ animation: { duration: 0 } }) : this.draw())).observe(this.element);
  }

  draw() {
    if (!this.element.clientWidth) return;
    if (!this.drawn) {
      this.drawn = echarts.init(this.element, null, { renderer: 'svg' });
      if (this.click) this.drawn.on('click', this.click);
    }
    this.drawn.setOption({ animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: color('text') }, ...this.option() }, true);
  }

  name(text) { this.element.setAttribute('aria-label', text); }
}

export const drawCharts = () => charts.forEach((chart) => chart.draw());

const tip = (...lines) => h('div.tip', null, lines.flat().filter(Boolean).map((line) => h('div', null, line)));
const tooltip = () => ({ confine: true, backgroundColor: color('card'), borderColor: color('line'), textStyle: { color: color('text'), fontSize: 12 }, extraCssText: 'max-width: 26rem; white-space: normal' });
const axisColors = () => ({ axisLine: { lineStyle: { color: color('line') } }, axisLabel: { color: color('soft') }, splitLine: { lineStyle: { color: color('grid-line') } } });
const day = (date) => date.slice(0, 10);
const symbolOf = (entry, shape) => (entry.complete ? shape : `empty${shape[0].toUpperCase()}${shape.slice(1)}`);
const commitLines = (entry) => [`${day(entry.date)}, commit ${entry.commit.slice(0, 10)}`, entry.complete ? null : 'the analysis was incomplete'];
const legend = () => ({ top: 0, left: 0, textStyle: { color: color('text') }, inactiveColor: color('soft'), itemWidth: 28 });

const TREND = [
  { id: 'ssot', name: 'SSOT compliance', of: 'sites', shape: 'circle', type: 'solid' },
  { id: 'architecture', name: 'Architecture compliance', of: 'files', shape: 'rect', type: 'dashed' },
  { id: 'coverage', name: 'Coverage', of: 'units and headers', shape: 'triangle', type: 'dotted' },
];

export function trend() {
  const { entries } = report.history;
  const chart = new Chart({
    height: 300,
    option: () => ({
      tooltip: { ...tooltip(), trigger: 'item', formatter: ({ data }) => tip(h('strong', null, `${data.line.name} ${data.share.text}`), `${number(data.share.part)} of ${number(data.share.whole)} ${data.line.of}`, commitLines(data.entry)) },
      legend: legend(), grid: { left: 46, right: 20, top: 36, bottom: 28 },
      xAxis: { type: 'time', ...axisColors(), splitLine: { show: false } },
      yAxis: { type: 'value', min: 0, max: 100, ...axisColors(), axisLabel: { formatter: '{value} %', color: color('soft') } },
      series: TREND.map((line) => ({
        name: line.name, type: 'line', color: color(`chart-${line.id}`), lineStyle: { type: line.type, width: 2 }, symbolSize: 7, symbol: line.shape,
        data: entries.filter((entry) => entry[line.id].percent !== null).map((entry) => ({ value: [entry.date, entry[line.id].percent], symbol: symbolOf(entry, line.shape), share: entry[line.id], entry, line })),
      })),
    }),
  });
  const first = entries[0], last = entries[entries.length - 1];
  chart.name(`Line chart over ${counted(entries.length, 'commit')}, ${day(first.date)} to ${day(last.date)}: ${TREND.map((line) => `${line.name} from ${first[line.id].text} to ${last[line.id].text}`).join(', ')}. The table below has all figures.`);
  return chart;
}

/// What is left of one line of the burn-down, and its forecast.
export function burnDown() {
  const { entries } = report.history;
  let shown = report.history.burnDown[0];
  const segments = (forecast, from) => {
    if (forecast.kind !== 'dated') return [];
    const line = (name, date, type) => ({ name, type: 'line', color: color('chart-forecast'), symbol: 'none', lineStyle: { type, width: type === 'dashed' ? 2 : 1 }, data: [from, [date, 0]], tooltip: { show: false } });
    return [line('Forecast', forecast.date, 'dashed'), line('Early and late', forecast.earliest, 'dotted'), ...(forecast.latest ? [line('Early and late', forecast.latest, 'dotted')] : [])];
  };
  const chart = new Chart({
    height: 300,
    option: () => {
      const points = shown.points.map(([at, left]) => ({ value: [entries[at].date, left], symbol: symbolOf(entries[at], 'circle'), entry: entries[at] }));
      return {
        tooltip: { ...tooltip(), trigger: 'item', formatter: ({ data }) => tip(h('strong', null, `${number(data.value[1])} left`), commitLines(data.entry)) },
        legend: legend(), grid: { left: 56, right: 20, top: 36, bottom: 28 },
        xAxis: { type: 'time', ...axisColors(), splitLine: { show: false } },
        yAxis: { type: 'value', min: 0, minInterval: 1, ...axisColors() },
        series: [{ name: 'Left', type: 'line', color: color('chart-ssot'), areaStyle: { opacity: 0.12 }, symbolSize: 7, lineStyle: { width: 2 }, data: points },
          ...segments(shown.forecast, points[points.length - 1].value)],
      };
    },
  });
  chart.show = (line) => {
    shown = line;
    const [first, last] = [line.points[0], line.points[line.points.length - 1]];
    chart.name(`Line chart, ${line.name}: ${number(first[1])} left on ${day(entries[first[0]].date)}, ${number(last[1])} on ${day(entries[last[0]].date)}. ${line.forecast.text}`);
    chart.draw();
  };
  chart.show(shown);
  return chart;
}

/// The folders as a tree of what is in them. A chain of folders with one folder each is one.
function tree() {
  const root = { name: '', path: '.', children: new Map() };
  for (const file of report.files) {
    let at = root, path = '';
    for (const part of file.name.split('/')) {
      path = path ? `${path}/${part}` : part;
      if (!at.children.has(part)) at.children.set(part, { name: part, path, children: new Map() });
      at = at.children.get(part);
    }
    at.file = file;
  }
  const folders = new Map(report.folders.map((folder) => [folder.name, folder]));
  const finish = (node, tally) => {
    while (!node.file && node.children.size === 1) {
      const [only] = node.children.values();
      if (only.file) break;
      node = { ...only, name: node.name ? `${node.name}/${only.name}` : only.name };
    }
    const own = node.file || folders.get(node.path) || tally;
    const level = own.files ? Math.min(4, Math.floor(((own.files - own.clean) / own.files) * 5)) : 4;
    return {
      name: node.name || 'project', path: node.path, tally: own, value: own.violations, itemStyle: { color: color(`heat-${node.file ? folderLevel(node, folders) : level}`) },
      ...(node.file ? {} : { children: [...node.children.values()].map((child) => finish(child, own)) }),
    };
  };
  return finish(root, null).children;
}

/// A file has the colour of its folder.
function folderLevel(node, folders) {
  const folder = folders.get(node.path.includes('/') ? node.path.slice(0, node.path.lastIndexOf('/')) : '.');
  return folder && folder.files ? Math.min(4, Math.floor(((folder.files - folder.clean) / folder.files) * 5)) : 4;
}

export function treeMap(choose) {
  const chart = new Chart({
    height: 420,
    click: ({ data }) => { if (data && data.path && !data.children) choose(data.path); },
    option: () => ({
      tooltip: { ...tooltip(), formatter: ({ data }) => data && data.tally && tip(h('strong', null, data.path), `${counted(data.tally.violations, 'violation')}, ${number(data.tally.new)} new`, data.children ? `${number(data.tally.clean)} of ${counted(data.tally.files, 'file')} without one (${data.tally.text})` : 'click: its findings') },
      series: [{
        type: 'treemap', name: 'project', data: tree(), roam: false, leafDepth: 2, left: 0, right: 0, top: 0, bottom: 34, nodeClick: 'zoomToNode', drillDownIcon: '',
        breadcrumb: { bottom: 0, height: 24, itemStyle: { color: color('card'), borderColor: color('line'), textStyle: { color: color('text') } }, emphasis: { itemStyle: { color: color('grid-line'), textStyle: { color: color('text') } } } },
        label: { color: '#fff', fontSize: 12, lineHeight: 17, overflow: 'truncate', formatter: ({ data }) => `${data.name}\n${number(data.value)}` },
        upperLabel: { show: true, height: 22, color: '#fff', formatter: ({ data }) => (data && data.name ? `${data.name}  ${number(data.value)}` : '') },
        levels: [{ itemStyle: { gapWidth: 4, borderWidth: 0, borderColor: color('card') }, upperLabel: { show: false } }, { itemStyle: { gapWidth: 2, borderWidth: 2, borderColor: color('heat-frame') } }, { itemStyle: { gapWidth: 1, borderColor: color('heat-frame') } }],
      }],
    }),
  });
  const top = report.files.slice().sort((a, b) => b.violations - a.violations).slice(0, 3).map((file) => `${file.name} ${file.violations}`);
  chart.name(`Tree map: violations by folder and file. The most: ${top.join(', ')}. The table beside it has all folders.`);
  return chart;
}
