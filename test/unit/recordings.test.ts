/** The recorded runs of the shipped recipes, as every reader takes them; a change of the events shows in them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { normaliseEvents } from '../../scripts/testing/normaliseEvents.mjs';
import { emptyRun, reduceRun } from '../../src/common/run/reduceRun.ts';
import { listRuns } from '../../src/node/listRuns.ts';
import { cliFile, runCli } from '../fixtures/cliProcess.ts';
import { recordings, shippedRecipes } from '../fixtures/recordings.ts';
import { writeRun } from '../fixtures/runFolders.ts';
import { tempFolder } from '../fixtures/tempFolder.ts';

/** Their data is fetched, and not shipped. */
const NOT_SHIPPED = new Set(['mnist', 'fashion-mnist']);

const RECORDED = recordings();

test('every shipped recipe whose data is shipped is recorded, and nothing else', () => {
  const shipped = [...shippedRecipes().keys()].filter((name) => !NOT_SHIPPED.has(name));
  assert.deepEqual(RECORDED.map(({ name }) => name).sort(), shipped.sort());
});

for (const { name, events, text, recipeFile } of RECORDED) {
  test(`${name}: every line is an event, and the fold of all is a completed run with a result`, () => {
    assert.equal(events.length, text.trim().split('\n').length);
    const run = events.reduce(reduceRun, emptyRun());
    assert.equal(run.status, 'completed');
    assert.equal(run.epochs.length, run.epochs.at(-1)?.epoch);
    assert.equal(run.stepLoss.length, run.epochs.length * (run.start?.stepsPerEpoch ?? 0));
    assert.ok(run.evaluation !== null && run.evaluation.verdict !== '');
    assert.ok(run.start?.graph.nodes.every(({ parameterCount }) => parameterCount !== null));
  });

  test(`${name}: the list of runs and skillet show tell its result`, async (t) => {
    const folder = tempFolder(t);
    const runFolder = path.join(folder, name);
    writeRun(runFolder, events, readFileSync(recipeFile, 'utf8'));
    const [summary] = await listRuns(folder);
    assert.equal(summary?.status, 'completed');
    const { stdout, code } = await runCli(t, folder, 'show', runFolder);
    const evaluation = events.find((event) => event.type === 'evaluation');
    assert.ok(code === 0 && evaluation !== undefined && stdout.includes(evaluation.verdict), stdout);
  });
}

test('training Boston today gives the recorded events: the same kinds, fields and first epochs', (t) => {
  const recorded = RECORDED.find(({ name }) => name === 'boston-housing');
  assert.ok(recorded !== undefined);
  const runFolder = path.join(tempFolder(t), 'run');
  const args = ['train', recorded.recipeFile, '--device', 'wasm', '--run-dir', runFolder, '--quiet'];
  execFileSync(process.execPath, [cliFile, ...args], { stdio: 'ignore' });
  const lines = readFileSync(path.join(runFolder, 'events.jsonl'), 'utf8').trim().split('\n');
  const events = normaliseEvents(
    lines.map((line) => JSON.parse(line)),
    path.basename(recorded.recipeFile),
  );
  const shapeOf = (event: object) => Object.keys(event).sort().join(' ');
  assert.deepEqual(events.map(shapeOf), recorded.events.map(shapeOf));
  const rmse = (list: readonly object[]) =>
    list.flatMap((event) => ('epoch' in event && 'metrics' in event ? [(event.metrics as { rmse: number }).rmse] : []));
  // Later epochs are chaotic: another processor may round otherwise.
  const [now, then] = [rmse(events).slice(0, 20), rmse(recorded.events).slice(0, 20)];
  const worst = Math.max(...now.map((value, i) => Math.abs(value / (then[i] ?? Number.NaN) - 1)));
  assert.ok(now.length === 20 && worst < 1e-4, `off by ${worst}`);
});
