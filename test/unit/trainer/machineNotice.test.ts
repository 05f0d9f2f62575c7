/** A trainer on a machine that is told it will be taken away: it saves a checkpoint then, also in a pause. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { watchMachineNotices } from '../../../src/trainer/run/machineNotice.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';
import { curveCsv, makeRun } from './support/testRun.ts';

const TRAINER = path.resolve(import.meta.dirname, '../../../src/trainer/trainer.ts');
const ENDLESS = {
  name: 'Endless',
  data: { csv: 'data.csv', target: 'y' },
  model: [{ dense: { units: 4, activation: 'tanh' } }, { dense: { units: 1 } }],
  train: { loss: 'meanSquaredError', epochs: 10_000_000, device: 'wasm', checkpoint: { everySeconds: 100_000 } },
};

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

function startTrainer(t: TestContext) {
  const run = makeRun(t, JSON.stringify(ENDLESS), curveCsv(20));
  const noticeFile = path.join(run.folder, 'notice.json');
  const child = spawn(process.execPath, [TRAINER, run.folder, '--recipe-file', run.recipeFile], {
    stdio: 'ignore',
    env: { ...process.env, SKILLET_NOTICE_FILE: noticeFile },
  });
  t.after(() => child.kill('SIGKILL'));
  const events = (): RunEvent[] => {
    const file = path.join(run.folder, 'events.jsonl');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    return lines.map((line) => JSON.parse(line) as RunEvent);
  };
  const until = (type: RunEvent['type'], count = 1) =>
    waitFor(`${count} events ${type}`, () => events().filter((event) => event.type === type).length >= count);
  const control = (type: string) =>
    writeFileSync(path.join(run.folder, 'control.jsonl'), `${JSON.stringify({ type })}\n`, { flag: 'a' });
  const notice = (words: object) => writeFileSync(noticeFile, JSON.stringify(words));
  return { run, events, until, control, notice };
}

test('an interruption is told and saved at once, and the run goes on', async (t) => {
  const { events, until, notice } = startTrainer(t);
  await until('epochEnd');
  assert.equal(events().filter(({ type }) => type === 'checkpoint').length, 0);
  notice({ kind: 'interruption', at: '2100-01-01T00:00:00Z', action: 'stop' });
  await until('checkpoint');
  const told = events().filter((event) => event.type === 'notice');
  assert.deepEqual(
    told.map(({ level, message }) => [level, message]),
    [['warning', 'This machine will be stopped at 2100-01-01T00:00:00.000Z.']],
  );
  const at = events().findIndex(({ type }) => type === 'checkpoint');
  await waitFor('epochs after it', () =>
    events()
      .slice(at)
      .some(({ type }) => type === 'epochEnd'),
  );
});

test('a paused run is saved too, once for each notice', async (t) => {
  const { events, until, control, notice } = startTrainer(t);
  await until('epochEnd');
  control('pause');
  await until('state');
  notice({ kind: 'interruption', at: inMinutes(2), action: 'terminate', drill: true });
  await until('checkpoint');
  notice({ kind: 'rebalance', at: null, action: null });
  await until('checkpoint', 2);
  const messages = events().flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  assert.match(messages[0] ?? '', /^Drill: This machine will be terminated at /);
  assert.equal(messages[1], 'This machine is at risk of being taken back by its provider.');
});

test('it is looked for once a second at most, told once, and forgotten ones do not count', (t) => {
  const file = path.join(tempFolder(t), 'notice.json');
  const told: string[] = [];
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs, now: () => new Date('2026-11-25T10:00:00Z') };
  const { isSaveWanted } = watchMachineNotices({ file, clock, tell: ({ message }) => void told.push(message) });
  const at = (ms: number) => {
    nowMs = ms;
    return isSaveWanted();
  };
  assert.equal(at(0), false);
  writeFileSync(file, '{"kind":"interruption","at":"2026-11-25T10:02:00Z","action":"hibernate"}');
  assert.deepEqual([at(900), at(1000), at(2000)], [false, true, false]);
  writeFileSync(file, '{"kind":"interruption","at":"2026-11-25T08:00:00Z","action":"stop"}');
  assert.equal(at(3000), false);
  writeFileSync(file, '{"kind":"interr');
  assert.equal(at(4000), false);
  assert.deepEqual(told, ['This machine will be hibernated at 2026-11-25T10:02:00.000Z.']);
});

test('a trainer that is told of no file looks for none', () => {
  const clock = { monotonicMs: () => assert.fail('no clock is needed'), now: () => new Date() };
  const { isSaveWanted } = watchMachineNotices({ file: null, clock, tell: () => assert.fail('nothing to tell') });
  assert.equal(isSaveWanted(), false);
});
