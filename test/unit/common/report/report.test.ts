/** Runs as CSV, JSON and HTML: what is in them, and that nothing from a file becomes markup. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { toComparedRun } from '../../../../src/common/compare/comparedRun.ts';
import { csvLine } from '../../../../src/common/data/csvLine.ts';
import { comparisonChart, PRINT } from '../../../../src/common/report/comparisonChart.ts';
import { runsCsv } from '../../../../src/common/report/csv.ts';
import type { ExportedRun } from '../../../../src/common/report/exportedRun.ts';
import { htmlReport } from '../../../../src/common/report/htmlReport.ts';
import { runsJson } from '../../../../src/common/report/runsJson.ts';
import type { RunEvent } from '../../../../src/common/run/events.ts';
import { emptyRun, reduceRun } from '../../../../src/common/run/reduceRun.ts';
import { epochs, evaluation, forecast, launch, runEnd, runStart } from '../../../fixtures/runEvents.ts';

function exported(events: readonly RunEvent[], runFolder = '/secret/place/.skillet/runs/a'): ExportedRun {
  const run = events.reduce(reduceRun, emptyRun());
  const recipeText = 'name: Boston housing\ndata: { csv: a.csv }\n';
  const recipe = { name: 'Boston housing', data: { csv: 'a.csv' } };
  const place = { runFolder, isInterrupted: false, forkPoint: null, recipe, fallbackName: 'x' };
  return { run, recipeText, compared: toComparedRun(run, place) };
}

const whole = (part: readonly RunEvent[] = []) =>
  exported([launch, runStart(), ...epochs(1, 3, { validation: true }), evaluation(), ...part, runEnd]);
const options = { version: '9.9.9', at: '2026-11-24T12:00:00.000Z' };

test('a field with a comma, a quote, a line break or space at its edge is quoted', () => {
  assert.equal(csvLine(['a', 'b,c', 'd"e', 'f\ng', ' h', 1.5, null, Number.NaN]), 'a,"b,c","d""e","f\ng"," h",1.5,,');
});

test('epochs as CSV have a column for the run where there are several, and are read back', () => {
  const one = runsCsv([whole()], 'epochs');
  assert.ok(one.startsWith('epoch,loss,rmse,val_loss,val_rmse,duration_ms\r\n'));
  const other = exported([launch, runStart(), ...epochs(1, 2)], '/w/na,me "x"');
  const rows = parse(runsCsv([whole(), other], 'epochs'), { columns: true, record_delimiter: '\r\n' }) as object[];
  assert.equal(rows.length, 5);
  const values = Object.values(rows[4] ?? {});
  assert.deepEqual([values[0], values[1], values[4]], ['na,me "x"', '2', '']);
});

test('steps as CSV are counted from 0, and those of a fork from where it began', () => {
  const lines = runsCsv([whole()], 'steps').split('\r\n');
  assert.deepEqual([lines.length, lines[0], lines[1]?.split(',')[0]], [29, 'step,loss,rmse', '0']);
  const fork = { run: 'b', epoch: 2, step: 18 };
  const steps = { type: 'steps', at: launch.at, first: 18, loss: [1, 2], metrics: {}, stepsPerSecond: 1 } as const;
  const forked = exported([launch, runStart({ fork })]);
  // As the step series of a fork stands in memory: nothing before its first step.
  forked.run.stepLoss.length = 18;
  reduceRun(forked.run, steps);
  assert.equal(runsCsv([forked], 'steps'), 'step,loss\r\n18,1\r\n19,2\r\n');
});

test('JSON is read back with its version, epochs, result and recipe, and tells no path', () => {
  const text = runsJson([whole()], { version: '9.9.9' });
  const read = JSON.parse(text);
  assert.deepEqual([read.format, read.version, read.skillet], ['skillet-runs', 1, '9.9.9']);
  const [run] = read.runs;
  const { run: state, recipeText } = whole();
  assert.deepEqual(run.epochs, state.epochs);
  assert.deepEqual(run.evaluation, state.evaluation);
  assert.deepEqual([run.folder, run.recipe, run.steps.loss.length], ['a', recipeText, 27]);
  assert.ok(!text.includes('/secret/place'));
});

test('a report holds verdict, result with baselines, curves, parameters, data, layers and recipe', () => {
  const report = htmlReport([whole([forecast()])], options);
  for (const part of [
    '<h1>Boston housing</h1>',
    'better than linear regression (4.82) by 27 %',
    'the training mean alone',
    'units 64 · learningRate 0.001',
    '404 to train on, 102 to test on',
    'wasm on CPU (2 cores). Fastest here',
    '<th scope="row">dense2</th>',
    'predicted against actual medv',
    'prediction of the test',
    'name: Boston housing\ndata: { csv: a.csv }',
    'by Skillet 9.9.9',
  ]) {
    assert.ok(report.includes(part), part);
  }
  assert.ok(!report.includes('/secret/place'));
});

test('a report loads nothing and runs nothing', () => {
  const report = htmlReport([whole([forecast()]), exported([launch, runStart(), ...epochs(1, 2)], '/w/b')], options);
  assert.match(
    report,
    /<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; /,
  );
  assert.doesNotMatch(
    report,
    /<script|<link|<img|\ssrc=|\son\w+=|@import|url\(|http:\/\/(?!www\.w3\.org\/2000\/svg)|https:/i,
  );
});

test('names from files cannot become markup anywhere in a report', () => {
  const evil = `</style><script>alert(1)</script><img src=x onerror="alert('1')">`;
  const graph = { nodes: [{ id: evil, type: evil, outputShape: [1], parameterCount: 1, detail: evil }], edges: [] };
  const data = { ...runStart().data, file: evil, features: [evil], targets: [evil], unit: evil };
  const backend = { name: evil, device: evil, reason: evil, trials: [] };
  const start = runStart({ name: evil, params: { [evil]: evil }, metrics: ['loss', evil], graph, data, backend });
  const classes = {
    kind: 'classes',
    classes: [evil, 'b'],
    confusion: [
      [1, 2],
      [0, 3],
    ],
  } as const;
  const result = evaluation({
    verdict: evil,
    unit: evil,
    metrics: { [evil]: 1 },
    baselines: [{ name: evil, label: evil, metrics: { [evil]: 2 } }],
    primary: { metric: evil, better: 'lower' },
    predictions: classes,
  });
  const problems = [{ code: 'internal', path: evil, message: evil, remedy: evil }] as const;
  const end = { ...runEnd, status: 'failed', message: evil, problems } as const;
  const notice = { type: 'notice', at: launch.at, level: 'info', message: evil, remedy: evil } as const;
  const record = { type: 'epochEnd', at: launch.at, epoch: 1, metrics: { loss: 1, [evil]: 2 }, durationMs: 1 } as const;
  const series = forecast({ target: evil, unit: evil, remarks: [evil], steps: Array(54).fill(evil) });
  const run = exported([launch, start, record, notice, result, series, end], `/w/${evil.replaceAll('/', '')}`);
  const hostile = { ...run, recipeText: evil };
  for (const runs of [[hostile], [hostile, { ...hostile, compared: { ...hostile.compared, runFolder: '/w/x' } }]]) {
    const report = htmlReport(runs, options);
    assert.doesNotMatch(report, /<script|<img/i);
    assert.equal(report.match(/<\/style>/g)?.length, 1);
    assert.ok(report.includes('&lt;script&gt;'));
  }
  assert.doesNotMatch(
    comparisonChart([run.compared, run.compared], {
      ...PRINT,
      metric: evil,
      scale: 'linear',
      width: 400,
      height: 200,
      hasLegend: true,
    }),
    /<script|<img/i,
  );
});

test('a run without a result, and one that failed, have a report too', () => {
  const failed = exported([
    launch,
    runStart(),
    ...epochs(1, 2),
    { ...runEnd, status: 'failed', message: 'The loss became NaN.', problems: [] },
  ]);
  assert.match(htmlReport([failed], options), /The loss became NaN\./);
  assert.match(htmlReport([exported([launch])], options), /it was not tested/);
});

test('curves with a steep beginning are drawn on a logarithmic axis', () => {
  const chart = { ...PRINT, metric: 'loss', scale: 'fitting', width: 400, height: 200, hasLegend: true } as const;
  const steep = exported([launch, runStart(), ...epochs(1, 100)]).compared;
  assert.match(comparisonChart([steep], chart), /loss \(log scale\)/);
  const flat = { ...steep, curves: { loss: [3, 2, 1] } };
  assert.doesNotMatch(comparisonChart([flat], chart), /log scale/);
});
