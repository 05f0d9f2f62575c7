/** Whether a study was told to pause, from its control file. */
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isToldToPause } from '../../../../src/node/study/isToldToPause.ts';
import { sendStudyControl } from '../../../../src/node/study/sendStudyControl.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

test('the last word counts, and words to an earlier process do not', async (t) => {
  const folder = tempFolder(t);
  const asked = () => isToldToPause(folder, '2026-01-01T00:00:10.000Z');
  assert.equal(await asked(), false, 'without a file');
  await sendStudyControl(folder, 'pause', new Date('2026-01-01T00:00:09Z'));
  assert.equal(await asked(), false);
  await sendStudyControl(folder, 'pause', new Date('2026-01-01T00:00:11Z'));
  assert.equal(await asked(), true);
  appendFileSync(path.join(folder, 'control.jsonl'), 'no json\n{"type":7}\n');
  assert.equal(await asked(), true);
  await sendStudyControl(folder, 'resume', new Date('2026-01-01T00:00:12Z'));
  assert.equal(await asked(), false);
  writeFileSync(path.join(folder, 'control.jsonl'), '{"type":"pa');
  assert.equal(await asked(), false);
});
