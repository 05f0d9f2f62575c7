/** A stop of a run that a provider trains goes to whoever can tell the provider. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { controlRun } from '../../../../src/node/jobs/controlRun.ts';
import { makeJobFolder } from '../../../../src/node/jobs/jobFolder.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const job = { provider: 'aws', region: 'us-east-1', id: 'skillet-tiny-1' } as const;
const now = new Date('2026-11-25T12:00:00Z');

test("a stop of a job's run is passed on with its folder; other commands and other runs' stops are not", async (t) => {
  const file = path.join(tempFolder(t), 'tiny.recipe.yaml');
  const folder = await makeJobFolder({ job, name: 'Tiny', file, recipe: 'name: Tiny\n', now });
  const passed: unknown[] = [];
  const passStopOn = async (...told: unknown[]) => passed.push(told);
  await controlRun(folder, 'pause', { now, passStopOn });
  await controlRun(tempFolder(t), 'stop', { now, passStopOn });
  assert.deepEqual(passed, []);
  await controlRun(folder, 'stop', { now, passStopOn });
  assert.deepEqual(passed, [[{ ...job, file }, folder]]);
  assert.match(readFileSync(path.join(folder, 'control.jsonl'), 'utf8'), /"type":"stop"/);
});
