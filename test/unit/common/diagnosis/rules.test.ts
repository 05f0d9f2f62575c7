/** Each rule on made-up runs, near the border between what is said and what is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose } from '../../../../src/common/run/diagnosis/diagnose.ts';
import type { Diagnosis } from '../../../../src/common/run/diagnosis/diagnosis.ts';
import type {
  Evaluation,
  LayerSample,
  LayerStatistics,
  RunEvent,
  RunStart,
} from '../../../../src/common/run/events.ts';
import { emptyRun, reduceRun } from '../../../../src/common/run/reduceRun.ts';
import { readRecipe } from '../../../fixtures/provoked.ts';
import { at, evaluation, launch, runEnd, runStart } from '../../../fixtures/runEvents.ts';

const text = (train: string, data = 'scale: standard') => `name: Made up
data: { csv: a.csv, target: y, ${data} }
model:
  - dense: { name: dense1, units: 64, activation: relu }
  - dense: { name: dense2, units: 64, activation: relu }
  - dense: { name: dense3, units: 1 }
train: { loss: meanSquaredError, optimizer: { adam: { learningRate: 0.01 } }, batchSize: 50, epochs: 40${train} }
`;

interface MadeUp {
  readonly loss: readonly (number | null)[];
  readonly validation?: readonly (number | null)[];
  readonly layers?: readonly LayerSample[];
  readonly evaluation?: Evaluation;
  /** Of the events after the epochs; completed when absent. */
  readonly end?: readonly RunEvent[];
  readonly start?: Partial<RunStart>;
  readonly recipe?: string;
}

function judge(made: MadeUp): Diagnosis[] {
  const first = made.start?.fork?.epoch ?? 0;
  const epochs = made.loss.map((loss, i) => ({
    type: 'epochEnd' as const,
    at: at(i),
    epoch: first + i + 1,
    metrics: { loss, ...(made.validation === undefined ? {} : { val_loss: made.validation[i] ?? null }) },
    durationMs: 1,
  }));
  const data = { ...runStart().data, validationRows: made.validation === undefined ? 0 : 200 };
  const events: RunEvent[] = [
    launch,
    runStart({ epochs: first + made.loss.length, data, ...made.start }),
    ...epochs,
    ...(made.layers ?? []),
    ...(made.evaluation === undefined ? [] : [made.evaluation]),
    ...(made.end ?? [runEnd]),
  ];
  return diagnose(events.reduce(reduceRun, emptyRun()), readRecipe(made.recipe ?? text('')));
}

const said = (made: MadeUp) => judge(made).map(({ code, sinceEpoch }) => `${code} ${sinceEpoch}`);
const curve = (count: number, value: (epoch: number) => number) =>
  Array.from({ length: count }, (_, i) => value(i + 1));
/** Noise without chance: of a fixed size, and no trend. */
const wiggle = (epoch: number) => Math.sin(epoch * 12.9898) * Math.cos(epoch * 4.1);
const learnt = curve(40, (epoch) => 100 * Math.exp(-epoch / 5) + 5 + 0.05 * wiggle(epoch));

test('a run that learns and comes to rest is told nothing', () => {
  assert.deepEqual(said({ loss: learnt, validation: learnt.map((value) => value * 1.1) }), []);
});

test('overfitting is told from a validation loss that is worse by 5 %, and since its best epoch', () => {
  const validation = (worse: number) =>
    curve(40, (epoch) => (epoch <= 20 ? 10 + (20 - epoch) : 10 * (1 + (worse * (epoch - 20)) / 18)));
  const falling = curve(40, (epoch) => 8 + 10 * Math.exp(-epoch / 15));
  assert.deepEqual(said({ loss: falling, validation: validation(0.07) }), ['overfitting 20']);
  assert.deepEqual(said({ loss: falling, validation: validation(0.03) }), []);
});

test('a rise of the validation loss within its noise is no overfitting', () => {
  const validation = curve(40, (epoch) => 10 + Math.max(0, 15 - epoch) + 0.03 * epoch + 1.5 * wiggle(epoch));
  assert.deepEqual(said({ loss: curve(40, (epoch) => 12 + 20 / epoch), validation }), []);
});

test('early stopping that took the best weights back has dealt with overfitting', () => {
  const validation = curve(30, (epoch) => 10 + Math.abs(20 - epoch));
  const loss = curve(30, (epoch) => 30 * Math.exp(-epoch / 15));
  const stopped = (restore: boolean) => ({
    loss,
    validation,
    start: { epochs: 100 },
    recipe: text(`, validationSplit: 0.2, earlyStopping: { patience: 10, restoreBestWeights: ${restore} }`),
  });
  assert.deepEqual(said(stopped(true)), []);
  assert.deepEqual(said(stopped(false)), ['overfitting 20']);
  assert.deepEqual(judge(stopped(false))[0]?.fixes[0]?.title, 'Set restoreBestWeights: true');
});

test('divergence is a loss twice its best that goes on rising, not a surge that comes back', () => {
  const rising = (to: number) => curve(20, (epoch) => (epoch <= 10 ? 20 - epoch : 10 + ((to - 10) * (epoch - 10)) / 9));
  assert.deepEqual(said({ loss: rising(30) }), ['divergence 10']);
  assert.deepEqual(said({ loss: [...rising(14), ...curve(30, () => 9)] }), []);
  const surge = curve(20, (epoch) =>
    epoch === 14 ? 40 : epoch === 15 ? 25 : 20 * Math.exp(-epoch) + 5 + 0.01 * wiggle(epoch),
  );
  assert.deepEqual(said({ loss: surge }), []);
});

test('a loss that jumps by a quarter and more without getting lower is a learning rate too high; by less it is not', () => {
  const jumping = (size: number) =>
    curve(40, (epoch) =>
      epoch < 8 ? 100 / epoch : epoch === 8 || epoch === 9 ? 12 : 30 * Math.exp(size * Math.sin(epoch * 2.5)),
    );
  assert.deepEqual(said({ loss: jumping(0.6) }), ['rate-too-high 8']);
  assert.ok(!said({ loss: jumping(0.1) }).some((one) => one.startsWith('rate-too-high')));
});

test('a first epoch that throws the loss thirtyfold off is told only where the network never recovers', () => {
  const thrown = (then: (epoch: number) => number) => [6e6, ...curve(19, then)];
  assert.deepEqual(said({ loss: thrown(() => 400) }), ['rate-too-high 1']);
  assert.deepEqual(said({ loss: thrown((epoch) => 400 * Math.exp(-epoch / 3) + 5 + 0.1 * wiggle(epoch)) }), []);
});

test('a learning rate is too low where the loss falls in a straight line by less than a third', () => {
  const falling = (share: number) => curve(30, (epoch) => 100 * (1 - (share * (epoch - 1)) / 29));
  assert.deepEqual(said({ loss: falling(0.02) }), ['rate-too-low 1']);
  assert.deepEqual(
    judge({ loss: falling(0.02) })[0]?.fixes.map(({ title }) => title),
    ['Set learningRate: 0.1'],
  );
  assert.deepEqual(said({ loss: falling(0.5) }), ['unfinished null']);
  assert.deepEqual(said({ loss: curve(30, (epoch) => 100 - 20 * (1 - Math.exp(-epoch / 4))) }), []);
});

test('a forked run is not judged by its first epoch', () => {
  const fork = { run: 'before', epoch: 50, step: 500 };
  assert.deepEqual(said({ loss: curve(30, (epoch) => 10 - 0.01 * epoch), start: { fork } }), []);
  const diverging = curve(20, (epoch) => (epoch <= 10 ? 20 - epoch : 10 + (20 * (epoch - 10)) / 9));
  assert.deepEqual(said({ loss: diverging, start: { fork } }), ['divergence 60']);
});

test('unfinished: more than a twentieth of the fall in the last quarter, and only of a run that is complete', () => {
  const falling = (scale: number) => curve(40, (epoch) => 10 + 100 * Math.exp(-epoch / scale));
  assert.deepEqual(said({ loss: falling(16) }), ['unfinished null']);
  assert.deepEqual(said({ loss: falling(7) }), []);
  assert.deepEqual(said({ loss: falling(16), end: [{ ...runEnd, status: 'stopped' }] }), []);
  assert.deepEqual(said({ loss: falling(16), end: [] }), []);
});

test('a plateau is a warning at what the mean gives, and a word where most epochs were idle', () => {
  const flat = curve(40, (epoch) => (epoch < 3 ? 200 / epoch : 84 + 0.5 * wiggle(epoch)));
  const stuck = evaluation({ metrics: { rmse: 9.1 } });
  assert.deepEqual(
    judge({ loss: flat, evaluation: stuck }).map(({ code, severity, sinceEpoch }) => [code, severity, sinceEpoch]),
    [['plateau', 'warning', 3]],
  );
  assert.deepEqual(
    judge({ loss: flat, evaluation: evaluation() }).map(({ code, severity }) => [code, severity]),
    [['plateau', 'information']],
  );
  assert.deepEqual(said({ loss: flat.slice(0, 12), start: { epochs: 40 }, end: [] }), []);
});

test('a standardised target tells while it trains that nothing is learnt', () => {
  const recipe = text('', 'scale: standard, scaleTarget: standard');
  const flat = (level: number) => curve(20, (epoch) => level + 0.01 * wiggle(epoch));
  const severities = (level: number) =>
    judge({ loss: flat(level), recipe, start: { epochs: 25 }, end: [] }).map(({ severity }) => severity);
  assert.deepEqual(severities(1), ['warning']);
  assert.deepEqual(severities(0.5), ['information']);
});

const NaNProblem = {
  code: 'run-not-finite',
  path: 'model[2].dense',
  message: 'In epoch 7, step 60, the weights of dense3 became NaN or infinite.',
  remedy: 'Use a smaller learningRate.',
} as const;

test('a run that became NaN is told that alone, on the learning rate, with the loss before', () => {
  const failed = { ...runEnd, status: 'failed' as const, message: 'NaN.', problems: [NaNProblem] };
  const loss = [10, 20, 400, 9000, 1e6, 1e9];
  const [only, ...more] = judge({ loss, end: [failed], start: { epochs: 40 } });
  assert.deepEqual(
    [more.length, only?.code, only?.path, only?.sinceEpoch],
    [0, 'not-finite', 'train.optimizer.adam.learningRate', 7],
  );
  assert.deepEqual(
    only?.evidence.map(({ value }) => value),
    [0.01, 10, 1e9, 9],
  );
  assert.deepEqual(
    only?.fixes.map(({ title }) => title),
    ['Set learningRate: 0.001', 'Set globalClipNorm: 1'],
  );
});

test('NaN in the data is told there, with the scaler as its fix where there is none', () => {
  const problems = [{ ...NaNProblem, path: 'data' }];
  const failed = { ...runEnd, status: 'failed' as const, problems };
  const [only] = judge({ loss: [], end: [failed], recipe: text('', 'scale: none') });
  assert.deepEqual([only?.path, only?.fixes.map(({ title }) => title)], ['data', ['Set scale: standard']]);
});

test('a validation loss that is lost while the training loss is not is told since when', () => {
  const validation = curve(40, (epoch) => epoch).map((epoch) => (epoch > 12 ? null : 20 / epoch + 5));
  assert.deepEqual(said({ loss: learnt, validation }), ['not-finite 13']);
});

const flatLoss = curve(40, (epoch) => 84 + 0.5 * wiggle(epoch));

const layer = (name: string, part: Partial<LayerStatistics> = {}): LayerStatistics => ({
  layer: name,
  gradientNorm: 0.1,
  weightNorm: 5,
  activation: null,
  deadShare: null,
  timeShare: null,
  ...part,
});
const look = (epoch: number, layers: readonly LayerStatistics[]): LayerSample => ({
  type: 'layers',
  at: at(epoch),
  epoch,
  step: epoch * 9,
  layers,
});
const three = (first: Partial<LayerStatistics>, last: Partial<LayerStatistics> = {}) => [
  layer('dense1', first),
  layer('dense2'),
  layer('dense3', last),
];

test('dead units are told from half of a layer on, since the look that first saw them, on the layer’s line', () => {
  const dead = (share: number) => [
    look(1, three({ deadShare: 0.1 })),
    look(2, three({ deadShare: share })),
    look(4, three({ deadShare: share })),
  ];
  const stuck = evaluation({ metrics: { rmse: 9.1 } });
  const [only] = judge({ loss: flatLoss, layers: dead(0.6), evaluation: stuck });
  assert.deepEqual([only?.code, only?.path, only?.sinceEpoch], ['dead-units', 'model[0].dense', 2]);
  assert.equal(only?.severity, 'warning');
  assert.deepEqual(
    only?.fixes.map(({ title }) => title),
    ['Set activation: elu', 'Set learningRate: 0.001'],
  );
  const isDead = (share: number) => said({ loss: flatLoss, layers: dead(share), evaluation: stuck }).join();
  assert.match(isDead(0.5), /dead-units/);
  assert.doesNotMatch(isDead(0.49), /dead-units/);
  assert.deepEqual(said({ loss: learnt, layers: dead(0.45) }), []);
  assert.deepEqual(said({ loss: learnt, layers: dead(0.6) }), []);
  assert.deepEqual(
    judge({ loss: learnt, layers: dead(0.8) }).map(({ code, severity }) => [code, severity]),
    [['dead-units', 'information']],
  );
  assert.deepEqual(said({ loss: learnt, layers: dead(0.8), start: { batchSize: 4 } }), []);
});

test('vanishing gradients: a thousandth of the last layer’s reach the first, and nothing is learnt', () => {
  const vanished = (norm: number) => [look(1, three({ gradientNorm: norm })), look(2, three({ gradientNorm: norm }))];
  const [only, ...more] = judge({
    loss: flatLoss,
    layers: vanished(0.00005),
    evaluation: evaluation({ metrics: { rmse: 9.1 } }),
  });
  assert.deepEqual(
    [only?.code, only?.path, only?.sinceEpoch, more.length],
    ['vanishing-gradients', 'model[0].dense', 1, 0],
  );
  assert.ok(
    !said({ loss: flatLoss, layers: vanished(0.0002) })
      .join()
      .includes('vanishing'),
  );
  assert.deepEqual(said({ loss: learnt, layers: vanished(0.00005), evaluation: evaluation() }), []);
});

test('exploding gradients: larger than the weights, and the loss suffers; it hides the divergence', () => {
  const rising = curve(20, (epoch) => (epoch <= 10 ? 20 - epoch : 10 + 3 * (epoch - 10)));
  const looks = (norm: number) => [
    look(8, three({ gradientNorm: 0.2 })),
    look(16, three({ gradientNorm: norm }, { gradientNorm: 0.1 })),
  ];
  assert.deepEqual(said({ loss: rising, layers: looks(40) }), ['exploding-gradients 16']);
  assert.deepEqual(said({ loss: rising, layers: looks(0.5) }), ['divergence 10']);
  assert.deepEqual(said({ loss: learnt, layers: looks(40) }), []);
});

const classes = (confusion: readonly (readonly number[])[]): Evaluation => {
  const rows = confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.reduce((sum, counts, i) => sum + (counts[i] ?? 0), 0);
  const most = Math.max(...confusion.map((counts) => counts.reduce((sum, count) => sum + count, 0)));
  return evaluation({
    rows,
    metrics: { accuracy: right / rows },
    baselines: [{ name: 'majorityClass', label: 'always saying a', metrics: { accuracy: most / rows } }],
    primary: { metric: 'accuracy', better: 'higher' },
    predictions: { kind: 'classes', classes: ['a', 'b', 'c'], confusion },
  });
};
const CLASSES = text('')
  .replace('units: 1 }', 'units: 3, activation: softmax }')
  .replace('meanSquaredError', 'sparseCategoricalCrossentropy');
const lowLoss = learnt.map((value) => value / 100);

test('a class that is never said is told from three test rows on', () => {
  const ofC = (rows: number) =>
    classes([
      [20, 2, 0],
      [3, 25, 0],
      [rows, 0, 0],
    ]);
  assert.deepEqual(said({ loss: lowLoss, evaluation: ofC(3), recipe: CLASSES }), ['class-never-predicted null']);
  assert.deepEqual(said({ loss: lowLoss, evaluation: ofC(2), recipe: CLASSES }), []);
});

test('no better than the baseline: a warning beyond chance, a word within it, nothing beside a straight line within it', () => {
  const at = (rmse: number, name: string, rows = 102) =>
    evaluation({ rows, metrics: { rmse }, baselines: [{ name, label: 'the other', metrics: { rmse: 5 } }] });
  const told = (one: Evaluation) =>
    judge({ loss: learnt, evaluation: one }).map(({ code, severity }) => `${severity} ${code}`);
  assert.deepEqual(told(at(6, 'lastValue')), ['warning no-better-than-baseline']);
  assert.deepEqual(told(at(5.2, 'lastValue')), ['information no-better-than-baseline']);
  assert.deepEqual(told(at(5.2, 'linearRegression')), []);
  assert.deepEqual(told(at(6, 'linearRegression')), ['warning no-better-than-baseline']);
  assert.deepEqual(told(at(6, 'linearRegression', 10)), []);
  assert.deepEqual(told(at(4.9, 'lastValue')), []);
});

test('a noisy validation loss is told of where few rows stand behind it', () => {
  const validation = curve(40, (epoch) => 5 * Math.exp(0.8 * Math.sin(epoch * 2.5)));
  const rows = (validationRows: number) => ({ data: { ...runStart().data, validationRows } });
  const recipe = text(', validationSplit: 0.05');
  const [only] = judge({ loss: learnt, validation, start: rows(12), recipe });
  assert.deepEqual(
    [only?.code, only?.severity, only?.fixes[0]?.title],
    ['validation-noise', 'information', 'Set validationSplit: 0.2'],
  );
  assert.deepEqual(said({ loss: learnt, validation, start: rows(100), recipe }), []);
});

test('ten thousand epochs are judged in a moment, and as a hundred are', () => {
  const loss = curve(10_000, (epoch) => 30 * Math.exp(-epoch / 4000));
  const validation = curve(10_000, (epoch) => 10 + Math.abs(epoch - 4000) / 400);
  const began = performance.now();
  const [only] = judge({ loss, validation });
  assert.ok(performance.now() - began < 1000);
  assert.deepEqual([only?.code, only?.sinceEpoch], ['overfitting', 4000]);
});
