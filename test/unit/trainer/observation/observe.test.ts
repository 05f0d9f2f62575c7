/** Runs whose layers are looked at: by themselves, when asked for, in a pause; and that go on when a look fails. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { LayerSample, RunEvent } from '../../../../src/common/run/events.ts';
import { parseEvent } from '../../../../src/node/parseEvent.ts';
import { createObserver, type ObserverOptions } from '../../../../src/trainer/observation/observer.ts';
import { type Clock, systemClock } from '../../../../src/trainer/run/clock.ts';
import type { NewEvent } from '../../../../src/trainer/run/eventLog.ts';
import { recipe, steppingClock } from '../support/curveRun.ts';
import { curveCsv, lastOf, makeRun, type TestRun } from '../support/testRun.ts';

const samplesOf = (run: TestRun): LayerSample[] =>
  run.events().filter((event): event is LayerSample => event.type === 'layers');

/** Steps take so long that a look weighs nothing. */
function slowTraining(): Clock {
  let ms = 0;
  return {
    ...systemClock,
    monotonicMs: () => {
      ms += 1;
      return ms;
    },
    turn: async () => {
      ms += 60_000;
    },
  };
}

test('a run tells of its layers after its first epochs by itself, each time behind the metrics', async (t) => {
  const run = makeRun(t, recipe({ epochs: 8 }), curveCsv(50));
  assert.equal(await run.train({ clock: slowTraining() }), 'completed');
  const samples = samplesOf(run);
  const stepsPerEpoch = lastOf(run.events(), 'runStart')?.stepsPerEpoch ?? 0;
  assert.deepEqual(
    samples.map(({ epoch }) => epoch),
    [1, 2, 4, 8],
  );
  assert.deepEqual(
    samples.map(({ step }) => step / stepsPerEpoch),
    [1, 2, 4, 8],
  );
  assert.ok(samples.every(({ asked }) => asked === undefined));
  const types = run.events().map(({ type }) => type);
  assert.equal(types[types.indexOf('layers') - 1], 'epochEnd');
  const [first] = samples;
  assert.deepEqual(
    first?.layers.map(({ layer }) => layer),
    ['hidden', 'dropout1', 'out'],
  );
  assert.deepEqual(
    first?.layers.map(({ gradientNorm }) => gradientNorm !== null && gradientNorm > 0),
    [true, false, true],
  );
  assert.ok(first?.layers.every(({ activation }) => activation !== null && activation.min !== null));
  assert.deepEqual(parseEvent(JSON.stringify(first)), first);
});

test('asked for from the beginning, it tells of them after every epoch', async (t) => {
  const run = makeRun(t, recipe({ epochs: 6 }), curveCsv(50));
  assert.equal(await run.train({ observe: true, clock: steppingClock(100) }), 'completed');
  assert.deepEqual(samplesOf(run).map(({ epoch, asked }) => [epoch, asked]), [1, 2, 3, 4, 5, 6].map((epoch) => [epoch, true])); // biome-ignore format: pairs
});

/** Gives each command when the trainer looks for the n-th time. */
function commandsAt(run: TestRun, commands: Readonly<Record<number, string>>) {
  let turns = 0;
  return {
    ...steppingClock(30),
    turn: async () => {
      turns += 1;
      const command = commands[turns];
      if (command !== undefined) {
        run.control(command);
      }
    },
  };
}

test('asked for within an epoch it looks at once, and no longer when that is taken back', async (t) => {
  const run = makeRun(t, recipe({ epochs: 40, batchSize: 25 }), curveCsv(50));
  assert.equal(await run.train({ clock: commandsAt(run, { 21: 'observe', 41: 'unobserve' }) }), 'completed');
  const asked = samplesOf(run).filter((sample) => sample.asked);
  const [first] = asked;
  assert.ok(first !== undefined && first.epoch > 5 && first.step > 2 * first.epoch, `${first?.epoch}, ${first?.step}`);
  const last = asked.at(-1);
  assert.ok(asked.length > 3 && (last?.epoch ?? 0) < 25, `${asked.map(({ epoch }) => epoch)}`);
});

test('in a pause it looks when that is asked for, and after each single step', async (t) => {
  const run = makeRun(t, recipe({ epochs: 3, batchSize: 10 }), curveCsv(50));
  const waits = ['observe', 'step', 'step', 'step', 'step', 'unobserve', 'step', 'resume'];
  const turning = commandsAt(run, { 2: 'pause' });
  const clock = {
    ...turning,
    wait: async () => {
      const command = waits.shift();
      if (command !== undefined) {
        run.control(command);
      }
    },
  };
  assert.equal(await run.train({ clock }), 'completed');
  const asked = samplesOf(run).filter((sample) => sample.asked);
  // One step was done before the pause; the fourth ends the epoch.
  assert.deepEqual(asked.map(({ epoch, step }) => [epoch, step]), [[0, 1], [0, 2], [0, 3], [1, 4], [1, 5]]); // biome-ignore format: pairs
});

const options = (part: Partial<ObserverOptions>, written: NewEvent[]): ObserverOptions => ({
  epochs: 9,
  progress: { epoch: 1, step: 5 },
  clock: systemClock,
  outbox: { flush() {}, restartTiming() {} },
  isAsked: true,
  write: (event) => written.push(event),
  look: async () => [],
  ...part,
});

test('a look that fails is told once, and there are no more', async () => {
  const written: NewEvent[] = [];
  let looks = 0;
  const observer = createObserver(
    options(
      {
        look: async () => {
          looks += 1;
          throw new Error('No kernel for this');
        },
      },
      written,
    ),
  );
  await observer.afterEpoch(1);
  observer.ask(true);
  await observer.lookIfAsked();
  await observer.afterSteps({ isSingle: true, isLast: false });
  await observer.afterEpoch(1);
  assert.equal(looks, 1);
  assert.deepEqual(
    written.map((event) => event.type === 'notice' && [event.level, event.message]),
    [['warning', 'The layers cannot be looked at: No kernel for this.']],
  );
});

test('an event that cannot be written is the run’s own fault, as ever', async () => {
  const write = () => {
    throw new Error('disk full');
  };
  await assert.rejects(createObserver({ ...options({}, []), write }).afterEpoch(1), /disk full/);
});

test('a module whose layer breaks when it is looked at still trains to its end', async (t) => {
  const run = makeRun(
    t,
    JSON.stringify({
      name: 'Module',
      data: { csv: 'data.csv', target: 'y' },
      model: { module: './model.mjs' },
      train: { loss: 'meanSquaredError', batchSize: 8, epochs: 2, device: 'wasm' },
    }),
    curveCsv(50),
  );
  writeFileSync(path.join(path.dirname(run.recipeFile), 'model.mjs'), FRAGILE_MODULE);
  assert.equal(await run.train(), 'completed', lastOf(run.events(), 'runEnd')?.message);
  const told = run.events().filter((event): event is Extract<RunEvent, { type: 'notice' }> => event.type === 'notice');
  assert.deepEqual(
    told.map(({ message }) => message),
    ['The layers cannot be looked at: not one by one.'],
  );
  assert.deepEqual(samplesOf(run), []);
});

/** Its layer fails once, when it is first applied outside of training after it has trained: by the look. */
const FRAGILE_MODULE = `
let hasTrained = false;
let hasFailed = false;
export function build(tf, params, { inputShape, outputs }) {
  class Fragile extends tf.layers.Layer {
    call(inputs, { training }) {
      hasTrained ||= training === true;
      if (hasTrained && !hasFailed && training === false) {
        hasFailed = true;
        throw new Error('not one by one');
      }
      return Array.isArray(inputs) ? inputs[0] : inputs;
    }
    computeOutputShape(shape) { return shape; }
    static get className() { return 'Fragile'; }
  }
  const input = tf.input({ shape: inputShape });
  return tf.model({ inputs: input, outputs: tf.layers.dense({ units: outputs }).apply(new Fragile({}).apply(input)) });
}
`;
