/** Feeding a page: the whole run, but never more than it takes. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ToPanel } from '../../../src/common/panelMessages.ts';
import { emptyRun, type RunState, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { feedRun } from '../../../src/extension/panel/runFeed.ts';
import { epochs, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';
import { writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

/** About 3 MB: a dozen pieces. */
const events = [
  { ...launch, host: 'elsewhere' },
  runStart({ epochs: 3000 }),
  ...epochs(1, 3000, { stepsPerEpoch: 20 }),
  runEnd,
];

function feed(t: TestContext) {
  const posted: Extract<ToPanel, { type: 'events' }>[] = [];
  const runFolder = writeRun(path.join(tempFolder(t), 'run'), events);
  const running = feedRun(runFolder, {
    post: (message) => void (message.type === 'events' && posted.push(message)),
    onError: assert.ifError,
  });
  t.after(running.dispose);
  return { posted, ...running };
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise(setImmediate);
  }
};

test('a page that takes nothing is sent four messages; each that is taken makes room for one', async (t) => {
  const { posted, taken } = feed(t);
  await waitFor('four messages', () => posted.length >= 4);
  await turns(200);
  assert.equal(posted.length, 4);
  taken(2);
  await waitFor('two more', () => posted.length >= 6);
  await turns(200);
  assert.equal(posted.length, 6);
});

test('a page that takes all has the whole run in the end', async (t) => {
  const { posted, taken } = feed(t);
  let answered = 0;
  const isOver = () => posted.some((message) => message.events.some((event) => event.type === 'runEnd'));
  await waitFor('the end', () => {
    taken(posted.length - answered);
    answered = posted.length;
    return isOver();
  });
  const run = posted.flatMap((message) => message.events).reduce<RunState>(reduceRun, emptyRun());
  assert.deepEqual(run, events.reduce<RunState>(reduceRun, emptyRun()));
});

test('ended while it waits for the page, a feed says nothing more', async (t) => {
  const { posted, taken, dispose } = feed(t);
  await waitFor('four messages', () => posted.length >= 4);
  dispose();
  taken(4);
  await turns(200);
  assert.equal(posted.length, 4);
});
