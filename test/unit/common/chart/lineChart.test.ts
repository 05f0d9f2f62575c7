/** Curves as SVG text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineChart, lineChart } from '../../../../src/common/chart/lineChart.ts';
import { roundTicks } from '../../../../src/common/chart/ticks.ts';

const colors = { text: '#ccc', grid: '#333', background: null };
const line = { label: 'loss', values: [4, 2, null, 1], firstX: 1, color: 'blue' };
const chart: LineChart = {
  width: 400,
  height: 200,
  xLabel: 'epoch',
  yLabel: 'loss',
  scale: 'linear',
  lines: [line],
  colors,
};

test('a curve starts anew behind a gap, and a lone point is a dot', () => {
  const svg = lineChart(chart);
  assert.match(svg, /d="M56 [\d.]+L166 [\d.]+M386 [\d.]+"/);
  assert.equal(svg.match(/<circle/g)?.length, 1);
});

test('a line that begins later begins where its epochs do', () => {
  const svg = lineChart({ ...chart, lines: [line, { ...line, firstX: 3, values: [1, 1, 1] }] });
  assert.match(svg, /d="M221 [\d.]+L303.5 [\d.]+L386 [\d.]+"/);
});

test('labels from files cannot become markup', () => {
  const svg = lineChart({ ...chart, hasLegend: true, yLabel: '<script>', lines: [{ ...line, label: '"&<x>' }] });
  assert.ok(!svg.includes('<script>') && !svg.includes('<x>'));
  assert.ok(svg.includes('&quot;&amp;&lt;x&gt;'));
});

test('a logarithmic axis passes over zero and below', () => {
  const svg = lineChart({ ...chart, scale: 'log', lines: [{ ...line, values: [100, 0, -1, 1] }] });
  assert.ok(!/NaN|Infinity/.test(svg));
  assert.equal(svg.match(/<circle/g)?.length, 2);
});

test('no numbers, one number and a flat curve have axes and no NaN', () => {
  for (const values of [[], [null], [3], [0, 0, 0], [1e-9, 1e-9]]) {
    for (const scale of ['linear', 'log'] as const) {
      assert.ok(!/NaN|Infinity/.test(lineChart({ ...chart, scale, lines: [{ ...line, values }] })), `${values}`);
    }
  }
});

test('ticks are round and lie within the range', () => {
  assert.deepEqual(roundTicks(0, 1, 'linear'), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(roundTicks(3, 97, 'linear'), [20, 40, 60, 80]);
  assert.deepEqual(roundTicks(0.001, 100, 'log'), [0.001, 0.1, 10]);
  assert.deepEqual(roundTicks(5, 5, 'linear'), [5]);
});
