/** Runs that earlier versions have left: listed, shown, resumed, forked and asked for predictions; and runs of a later one. */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { RUN_FORMAT_VERSION } from '../../../src/common/run/events.ts';
import { forkRun } from '../../../src/node/forkRun.ts';
import { listRuns } from '../../../src/node/listRuns.ts';
import { readRun } from '../../../src/node/readRun.ts';
import { predictRow } from '../../../src/trainer/predict/predictRow.ts';
import { readModelFolder } from '../../../src/trainer/predict/readModelFolder.ts';
import { startPredictionBackend } from '../../../src/trainer/predict/startPredictionBackend.ts';
import { listed } from '../../fixtures/listed.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { weightsOf } from './support/curveRun.ts';
import { openTestRun, type TestRun } from './support/testRun.ts';

/** By the commit that wrote them; all of 6 epochs with a checkpoint after the fourth. */
const OLD_RUNS = path.resolve(import.meta.dirname, '../../fixtures/oldRuns');
const commits = readdirSync(OLD_RUNS).filter((name) => !name.includes('.'));

function unpack(t: TestContext, commit: string): TestRun {
  const root = tempFolder(t);
  const folder = path.join(root, 'run');
  cpSync(path.join(OLD_RUNS, commit), folder, { recursive: true });
  writeFileSync(path.join(folder, 'control.jsonl'), '');
  const recipeFile = path.join(root, 'old.recipe.yaml');
  copyFileSync(path.join(folder, 'recipe.yaml'), recipeFile);
  copyFileSync(path.join(OLD_RUNS, 'old.csv'), path.join(root, 'old.csv'));
  const events = readFileSync(path.join(folder, 'events.jsonl'), 'utf8');
  writeFileSync(path.join(folder, 'events.jsonl'), events.replaceAll('/recipes/old.recipe.yaml', recipeFile));
  return openTestRun(folder, recipeFile);
}

/** As a trainer that was killed right after its checkpoint has left it. */
function cutBehindCheckpoint({ folder }: TestRun): void {
  const file = path.join(folder, 'events.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(
    file,
    `${lines.slice(0, lines.findLastIndex((line) => line.startsWith('{"type":"checkpoint"')) + 1).join('\n')}\n`,
  );
}

test('there are runs of four versions', () => {
  assert.equal(commits.length, 4);
});

for (const commit of commits) {
  test(`a run of ${commit} is listed and shown`, async (t) => {
    const run = unpack(t, commit);
    const [summary] = await listRuns(path.dirname(run.folder));
    assert.deepEqual(
      [
        summary?.name,
        summary?.status,
        summary?.epochsDone,
        summary?.epochs,
        summary?.result?.metric,
        summary?.newerFormat,
      ],
      ['Old run', 'completed', 6, 6, 'rmse', undefined],
    );
    const state = await readRun(run.folder);
    assert.deepEqual([state.version, state.stepLoss.length, state.epochs.length], [1, 18, 6]);
    assert.ok(listed(state.stepLoss).every((loss) => loss !== null));
  });

  test(`a run of ${commit} that was killed goes on from its checkpoint, and ends as it did then`, async (t) => {
    const run = unpack(t, commit);
    const before = weightsOf(run.folder);
    cutBehindCheckpoint(run);
    assert.equal(await run.train({ resume: true }), 'completed');
    const floats = (bytes: Buffer) => new Float32Array(Uint8Array.from(bytes).buffer);
    const [then, now] = [floats(before), floats(weightsOf(run.folder))];
    // Kernels have been written anew since: not to the byte.
    then.forEach((value, i) => {
      assert.ok(Math.abs(value - (now[i] ?? Number.NaN)) < 1e-5, `weight ${i}: ${value} then, ${now[i]} now`);
    });
    assert.equal((await readRun(run.folder)).epochs.length, 6);
  });

  test(`a run of ${commit} can be forked`, async (t) => {
    const parent = unpack(t, commit);
    const { runFolder, recipeFile } = await forkRun({
      ...{ parentFolder: parent.folder, epoch: 5, now: new Date(2026, 0, 1) },
      set: { epochs: '8', learningRate: '0.005' },
    });
    const fork = openTestRun(runFolder, recipeFile);
    assert.equal(await fork.train(), 'completed');
    assert.deepEqual(
      (await readRun(runFolder)).epochs.map(({ epoch }) => epoch),
      [6, 7, 8],
    );
  });

  test(`the network of a run of ${commit} predicts what its evaluation says`, async (t) => {
    const run = unpack(t, commit);
    const { evaluation } = await readRun(run.folder);
    assert.ok(evaluation?.predictions.kind === 'values');
    await startPredictionBackend();
    const loaded = await readModelFolder(path.join(run.folder, 'model'));
    const rows = readFileSync(path.join(OLD_RUNS, 'old.csv'), 'utf8').split('\n');
    const [a = '', b = ''] = (rows[evaluation.predictions.row[0] ?? 0] ?? '').split(',');
    const prediction = await predictRow(loaded, { a, b });
    assert.ok(prediction.kind === 'values');
    const found = prediction.values[0]?.value;
    const wanted = evaluation.predictions.targets[0]?.predicted[0] ?? Number.NaN;
    assert.ok(Math.abs((found ?? Number.NaN) - wanted) < 1e-3, `${found} instead of ${wanted}`);
  });
}

test('a run of a newer format is told as such where it is listed, and is neither resumed nor forked', async (t) => {
  const run = unpack(t, 'c7be502');
  cutBehindCheckpoint(run);
  const file = path.join(run.folder, 'events.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"version":1', `"version":${RUN_FORMAT_VERSION + 1}`));
  const said = new RegExp(
    `made by a newer Skillet \\(format ${RUN_FORMAT_VERSION + 1}; this one reads up to ${RUN_FORMAT_VERSION}\\)`,
  );
  const [summary] = await listRuns(path.dirname(run.folder));
  assert.match(summary?.newerFormat ?? '', said);
  assert.equal(summary?.epochsDone, 4, 'what it can read it still shows');
  await assert.rejects(run.train({ resume: true }), { code: 'run-not-resumable', message: said });
  await assert.rejects(forkRun({ parentFolder: run.folder, epoch: 2, now: new Date() }), {
    code: 'run-not-forkable',
    message: said,
  });
});
