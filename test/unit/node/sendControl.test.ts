/** Commands to a trainer: one line each. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sendControl } from '../../../src/node/sendControl.ts';
import { writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

test('each command is one line, after those that are there', async (t) => {
  const runFolder = writeRun(path.join(tempFolder(t), 'run'), []);
  const times = [1, 2].map((second) => new Date(Date.UTC(2026, 10, 24, 12, 0, second)));
  await sendControl(runFolder, 'pause', times[0] as Date);
  await sendControl(runFolder, 'stop', times[1] as Date);
  assert.equal(
    readFileSync(path.join(runFolder, 'control.jsonl'), 'utf8'),
    '{"type":"pause","at":"2026-11-24T12:00:01.000Z"}\n{"type":"stop","at":"2026-11-24T12:00:02.000Z"}\n',
  );
});

test('a folder that is gone is an error', async (t) => {
  const sent = sendControl(path.join(tempFolder(t), 'gone'), 'stop', new Date(0));
  await assert.rejects(sent, { name: 'SkilletError', code: 'run-folder', message: /told to stop/ });
});
