/** Exports that break off leave nothing behind. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { exportKeras } from '../../../../src/node/keras/convertKeras.ts';
import { writeModelFolder } from '../../../../src/node/keras/modelFolder.ts';
import { readKeras } from '../../../../src/node/keras/readKeras.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const GOLDENS = path.join(import.meta.dirname, '../../../fixtures/goldens/keras');
const KERAS = path.resolve(import.meta.dirname, '../../../../dist/keras.mjs');

test('a converter that is killed amid its work leaves the old file and no draft', async (t) => {
  const folder = tempFolder(t);
  const file = path.join(folder, 'model.keras');
  writeFileSync(file, 'old');
  // It writes half a model and a draft beside it, and is killed.
  const killed = path.join(folder, 'killed.mjs');
  writeFileSync(
    killed,
    `import { writeFileSync } from 'node:fs';
const to = process.argv[4];
writeFileSync(to, 'half');
writeFileSync(to + '.weights.h5', 'half');
process.kill(process.pid, 'SIGKILL');`,
  );
  await assert.rejects(exportKeras(folder, file, { kerasFile: killed, execPath: process.execPath }), {
    code: 'trainer-died',
  });
  assert.deepEqual([readdirSync(folder).sort(), readFileSync(file, 'utf8')], [['killed.mjs', 'model.keras'], 'old']);
});

test('a model goes through the real process, and a folder that is not there is told', async (t) => {
  if (!existsSync(KERAS)) {
    t.skip('dist/keras.mjs is not built: npm run build');
    return;
  }
  const folder = tempFolder(t);
  const model = path.join(folder, 'model');
  mkdirSync(model);
  const golden = await readKeras(path.join(GOLDENS, 'words.keras'));
  await writeModelFolder(golden, model);
  const conversion = { kerasFile: KERAS, execPath: process.execPath };
  for (const ending of ['keras', 'h5']) {
    const file = path.join(folder, `out.${ending}`);
    await exportKeras(model, file, conversion);
    assert.deepEqual((await readKeras(file)).weights, golden.weights);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['model', 'out.h5', 'out.keras']);
  await assert.rejects(exportKeras(model, path.join(folder, 'no/such/out.keras'), conversion), {
    code: 'model-output',
  });
  cpSync(path.join(GOLDENS, 'predictions.json'), path.join(folder, 'model.json'));
  await assert.rejects(exportKeras(folder, path.join(folder, 'x.keras'), conversion), { code: 'model-unreadable' });
});
