/** Capsules of real small runs, verified by training them again. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Capsule, parseCapsule } from '../../../../src/common/capsule/capsule.ts';
import { verificationLines } from '../../../../src/common/capsule/verification.ts';
import { makeCapsule } from '../../../../src/node/capsule/makeCapsule.ts';
import { type VerifyOptions, verifyCapsule } from '../../../../src/node/capsule/verifyCapsule.ts';
import { TINY_CSV, TINY_RECIPE, writeTiny } from '../../../fixtures/runFolders.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';
import { trainerBundle, trainToEnd } from '../../../fixtures/trainToEnd.ts';
import { tensorflowFolder } from '../../trainer/support/tensorflowFolder.ts';

const LONGER = TINY_RECIPE.replace('epochs: 3', 'epochs: 6').replace(
  'learningRate: 0.01',
  'learningRate: { piecewiseConstantDecay: { boundaries: [10], values: [0.01, 0.005] } }',
);

interface Made {
  readonly folder: string;
  readonly runFolder: string;
  readonly capsule: Capsule;
  verify(capsule: unknown, options?: Partial<VerifyOptions>): ReturnType<typeof verifyCapsule>;
}

/** A run of a recipe, and its capsule as others read it. */
async function make(
  t: TestContext,
  { device = 'js', recipe = LONGER, csv = TINY_CSV, withData = false } = {},
): Promise<Made | null> {
  if (!existsSync(trainerBundle)) {
    t.skip('dist/trainer.mjs is not built: npm run build');
    return null;
  }
  const folder = tempFolder(t);
  const recipeFile = writeTiny(folder, recipe, csv);
  const engine = { cacheFolder: path.join(folder, 'cache'), tensorflowFolder: tensorflowFolder() };
  const runFolder = await trainToEnd(t, { recipeFile, device, engine });
  const { capsule } = await makeCapsule(runFolder, { withData, now: new Date(0) });
  const read = parseCapsule(JSON.stringify(capsule), 'tiny.capsule.json');
  return {
    ...{ folder, runFolder, capsule: read },
    verify: (changed, options = {}) =>
      verifyCapsule(parseCapsule(JSON.stringify(changed), 'tiny.capsule.json'), {
        capsuleFile: path.join(folder, 'tiny.capsule.json'),
        rootFolder: folder,
        isModuleAllowed: false,
        trainerFile: trainerBundle,
        execPath: process.execPath,
        engine,
        now: new Date(),
        monotonicMs: () => performance.now(),
        signal: new AbortController().signal,
        ...options,
      }),
  };
}

const withText = (capsule: Capsule, from: string, to: string): Capsule => {
  assert.ok(capsule.recipe.text.includes(from));
  return { ...capsule, recipe: { ...capsule.recipe, text: capsule.recipe.text.replace(from, to) } };
};

for (const device of ['js', 'wasm']) {
  test(`a run on ${device} comes out identical, and nothing of it is left`, async (t) => {
    const made = await make(t, { device });
    if (made === null) {
      return;
    }
    const { data, backend, steps, epochs, weights, versions, recipe } = made.capsule;
    assert.deepEqual(
      [data.hashedAt, data.files.map(({ file, bytes }) => [file, bytes]), backend.name, steps.count, epochs.length],
      ['run', [['tiny.csv', TINY_CSV.length]], device, 24, 6],
    );
    assert.ok(weights !== null && versions.node === process.versions.node && recipe.seed === 1);
    const before = leftovers();
    const result = await made.verify(made.capsule);
    assert.deepEqual(
      [result.verdict, result.firstInexact, result.changed, result.tolerance.relative],
      ['identical', null, [], 0],
    );
    assert.deepEqual(result.compared, { steps: 24, epochs: 6, evaluation: true, weights: true });
    assert.match(verificationLines(result).join('\n'), /^Identical: every number is equal to the bit\.\n/);
    assert.deepEqual(leftovers(), before);
  });
}

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('skillet-verify-'));

test('another setting that changes the weights is told from its first step on, and the rest is not trained', async (t) => {
  const made = await make(t);
  if (made === null) {
    return;
  }
  // The rate changes after the update of step 11; step 12 is the first that can tell.
  const changed = withText(made.capsule, 'values: [0.01, 0.005]', 'values: [0.01, 0.0051]');
  const result = await made.verify(changed);
  assert.equal(result.verdict, 'different');
  assert.deepEqual([result.firstBeyond?.what, result.firstBeyond?.step, result.firstBeyond?.epoch], ['step', 12, 4]);
  assert.match(verificationLines(result)[0] ?? '', /^Different, from step 13 \(epoch 4\) on\.$/);
  const whole = await made.verify(changed, { goesOn: true });
  assert.deepEqual([whole.firstBeyond?.step, whole.compared.steps, whole.compared.weights], [12, 24, true]);
});

test('a run that was cut off within an epoch comes out identical, however many steps come at a time', async (t) => {
  const made = await make(t);
  if (made === null) {
    return;
  }
  const { steps, run, epochs } = made.capsule;
  const count = 10;
  const loss = Buffer.from(steps.loss, 'base64')
    .subarray(0, 4 * count)
    .toString('base64');
  for (const status of ['stopped', 'interrupted'] as const) {
    const result = await made.verify({
      ...made.capsule,
      ...{ run: { ...run, status }, steps: { ...steps, count, loss } },
      ...{ epochs: epochs.slice(0, 2), evaluation: null, weights: null },
    });
    assert.deepEqual([result.verdict, result.firstInexact, result.compared.steps], ['identical', null, count]);
  }
});

test('on another backend a run comes out within a tolerance, and the report says why', async (t) => {
  const made = await make(t, { device: 'wasm' });
  if (made === null) {
    return;
  }
  const result = await made.verify(made.capsule, { device: 'js' });
  assert.equal(result.verdict, 'withinTolerance');
  assert.deepEqual(result.changed[0], { what: 'backend', expected: 'wasm', actual: 'js' });
  assert.ok((result.largest?.relative ?? 1) < 1e-5);
  assert.match(verificationLines(result).join('\n'), /Backend: js, in place of wasm: it was asked for\./);
});

test('where the backend of a capsule is absent, another is taken and named', async (t) => {
  const made = await make(t);
  if (made === null) {
    return;
  }
  const elsewhere = { ...made.capsule, backend: { ...made.capsule.backend, name: 'tensorflow-gpu' } };
  const result = await made.verify(elsewhere, {
    engine: { cacheFolder: path.join(made.folder, 'other'), tensorflowFolder: null },
  });
  assert.notEqual(result.verdict, 'different');
  assert.match(result.backend.reason ?? '', /tensorflow-gpu did not start: TensorFlow is not installed/);
});

test('TensorFlow gives the same bits again', async (t) => {
  if (tensorflowFolder() === null) {
    t.skip('TensorFlow is not installed here: skillet setup');
    return;
  }
  const made = await make(t, { device: 'tensorflow-cpu' });
  if (made === null) {
    return;
  }
  assert.match(made.capsule.backend.version ?? '', /^\d+\.\d+/);
  const result = await made.verify(made.capsule);
  assert.deepEqual([result.verdict, result.tolerance.relative], ['identical', 0]);
});

test('data that was changed, or is gone, is refused by name before anything is trained', async (t) => {
  const made = await make(t);
  if (made === null) {
    return;
  }
  const file = path.join(made.folder, 'tiny.csv');
  appendFileSync(file, '\n');
  await assert.rejects(made.verify(made.capsule), {
    code: 'capsule-data',
    path: 'tiny.csv',
    message: /^is not the file that the run has read: its SHA-256 is [0-9a-f]{64} \(\d+ bytes\), and the capsule's is/,
  });
  await assert.rejects(makeCapsule(made.runFolder, { withData: true, now: new Date(0) }), { code: 'capsule-data' });
  const { notes } = await makeCapsule(made.runFolder, { now: new Date(0) });
  assert.deepEqual(notes, ['tiny.csv is another file now than the run has read.']);
  renameSync(file, `${file}.away`);
  await assert.rejects(made.verify(made.capsule), { code: 'capsule-data', message: /^is not there \(looked for / });
});

test('a capsule with its data is all that a stranger needs', async (t) => {
  const made = await make(t, { withData: true });
  if (made === null) {
    return;
  }
  const empty = path.join(made.folder, 'elsewhere');
  mkdirSync(empty);
  const result = await made.verify(made.capsule, { rootFolder: empty });
  assert.equal(result.verdict, 'identical');
  assert.deepEqual(readdirSync(empty), []);
  const [file] = made.capsule.data.files;
  const forged = {
    ...made.capsule.data,
    files: [{ ...file, content: Buffer.from('a,b,y\n1,2,3\n').toString('base64') }],
  };
  await assert.rejects(made.verify({ ...made.capsule, data: forged }, { rootFolder: empty }), { code: 'capsule-data' });
});

test('a recipe whose data lies beside its folder has a capsule that names both below one folder', async (t) => {
  if (!existsSync(trainerBundle)) {
    t.skip('dist/trainer.mjs is not built: npm run build');
    return;
  }
  const folder = tempFolder(t);
  mkdirSync(path.join(folder, 'recipes'));
  writeFileSync(path.join(folder, 'tiny.csv'), TINY_CSV);
  const text = TINY_RECIPE.replace('tiny.csv', '../tiny.csv');
  const recipeFile = writeTiny(path.join(folder, 'recipes'), text, null);
  const engine = { cacheFolder: path.join(folder, 'cache'), tensorflowFolder: null };
  const runFolder = await trainToEnd(t, { recipeFile, device: 'js', engine });
  const { capsule, rootFolder } = await makeCapsule(runFolder, { now: new Date(0) });
  assert.deepEqual([rootFolder, capsule.recipe.folder], [folder, 'recipes']);
});

test('a cancelled verification rejects with the reason and leaves no process and no folder', async (t) => {
  const made = await make(t, { recipe: TINY_RECIPE });
  if (made === null) {
    return;
  }
  const cancel = new AbortController();
  const before = leftovers();
  const endless = withText(made.capsule, 'epochs: 3', 'epochs: 100000000');
  const patient = { ...endless, run: { ...endless.run, epochs: 100_000_000 } };
  const job = made.verify(patient, {
    signal: cancel.signal,
    onProgress: () => cancel.abort(new Error('enough')),
  });
  await assert.rejects(job, /enough|aborted/);
  assert.deepEqual(leftovers(), before);
});

test('a longer run than that of the capsule is different after its last step, however long it would go on', async (t) => {
  const made = await make(t, { recipe: TINY_RECIPE });
  if (made === null) {
    return;
  }
  const result = await made.verify(withText(made.capsule, 'epochs: 3', 'epochs: 100000000'));
  assert.deepEqual([result.verdict, result.firstBeyond?.what, result.firstBeyond?.step], ['different', 'end', 12]);
});

test('a module is run only where somebody allows it', async (t) => {
  const made = await make(t);
  if (made === null) {
    return;
  }
  const module = { file: 'model.mjs', sha256: '0'.repeat(64), bytes: 1 };
  const list = made.capsule.recipe.text.slice(
    made.capsule.recipe.text.indexOf('model:'),
    made.capsule.recipe.text.indexOf('train:'),
  );
  const asking = withText({ ...made.capsule, module }, list, 'model: { module: model.mjs }\n').recipe;
  const text = asking.text.replace('{ units: 4 }', '{}');
  const capsule = { ...made.capsule, module, recipe: { ...asking, text } };
  await assert.rejects(made.verify(capsule), { code: 'capsule-module', path: 'model.mjs' });
  await assert.rejects(made.verify({ ...capsule, module: null }), { code: 'capsule-unreadable' });
  await assert.rejects(made.verify(capsule, { isModuleAllowed: true }), { code: 'capsule-data', path: 'model.mjs' });
});

test('paths that leave the folder, in the recipe or beside it, are refused', async (t) => {
  const made = await make(t);
  if (made === null) {
    return;
  }
  for (const name of ['../../etc/passwd', '/etc/passwd', 'C:/windows/win.ini', 'a/../../tiny.csv']) {
    const leaving = withText(made.capsule, 'csv: tiny.csv', `csv: ${name}`);
    await assert.rejects(made.verify(leaving), { code: 'capsule-path', path: name }, name);
  }
  const unnamed = withText(made.capsule, 'csv: tiny.csv', 'csv: other.csv');
  await assert.rejects(made.verify(unnamed), { code: 'capsule-unreadable', message: /has no hash of "other.csv"/ });
  const folder = { ...made.capsule, recipe: { ...made.capsule.recipe, folder: '../up' } };
  await assert.rejects(made.verify(folder), { code: 'capsule-path' });
});
