/** The predicting process, as its owner sees it: questions in order, progress, and its end. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import { type Predictor, startPredictor } from '../../../src/node/startPredictor.ts';
import { runCli } from '../../fixtures/cliProcess.ts';
import { writeTiny } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const predictFile = path.resolve(import.meta.dirname, '../../../dist/predict.mjs');
const { execPath } = process;

/** A test with a finished run and a process that predicts with it. */
function test(name: string, body: (predictor: Predictor, folder: string) => Promise<void>): void {
  nodeTest(name, async (t: TestContext) => {
    if (!existsSync(predictFile)) {
      t.skip('dist/predict.mjs is not built: npm run build');
      return;
    }
    const folder = tempFolder(t);
    writeTiny(folder);
    await runCli(t, folder, 'train', 'tiny.recipe.yaml', '--run-dir', 'run', '--quiet');
    const predictor = await startPredictor({ folder: path.join(folder, 'run'), predictFile, execPath });
    t.after(() => predictor.dispose());
    await body(predictor, folder);
  });
}

test('questions are answered in their order, a bad one among them', async (predictor) => {
  assert.deepEqual(
    predictor.model.form?.map(({ name }) => name),
    ['a', 'b'],
  );
  const answers = await Promise.allSettled(['1', 'x', '2'].map((a) => predictor.predictRow({ a, b: '3' })));
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.ok(answers[1]?.status === 'rejected');
  assert.equal(answers[1].reason.code, 'data-not-a-number');
});

test('a long file tells how far it is, and is not written when its process is ended', async (predictor, folder) => {
  const rowsFile = path.join(folder, 'long.csv');
  writeFileSync(rowsFile, `a,b\n${'1,2\n'.repeat(600_000)}`);
  const told: number[] = [];
  const outFile = path.join(folder, 'out.csv');
  const asked = predictor.predictFile({
    rowsFile,
    outFile,
    format: 'csv',
    onProgress(rows) {
      told.push(rows);
      predictor.dispose();
    },
  });
  await assert.rejects(asked, { code: 'trainer-died' });
  assert.ok((told[0] ?? 0) > 0);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('out')),
    [],
  );
  await assert.rejects(predictor.predictRow({ a: '1', b: '2' }), { code: 'trainer-died', message: /it has ended/ });
});

nodeTest('a process that cannot start is told with what it said', async (t) => {
  const folder = tempFolder(t);
  const start = { folder, predictFile: path.join(folder, 'no.mjs'), execPath };
  await assert.rejects(startPredictor(start), { code: 'trainer-died', message: /Cannot find module/ });
  await assert.rejects(startPredictor({ ...start, execPath: path.join(folder, 'no-node') }), { code: 'trainer-died' });
});
