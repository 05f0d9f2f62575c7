/** What the benchmark makes of its numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochsPerSecond, findStrangeLosses, median, summarize } from '../../bench/summary.mjs';

type PeerName = 'keras' | 'pytorch' | 'mxnet';
const engine = (label: string, peer: PeerName | null, cold: number, steady: number) => ({
  label,
  peer,
  cold: [cold],
  steady: [steady],
  loss: 1,
});
const missesOf = (workload: Parameters<typeof summarize>[0], cold: number, steady: number, peer: PeerName) => {
  const [ours] = summarize(workload, [engine('Skillet', null, cold, steady), engine('Peer', peer, 1, 100)]);
  return ours?.misses.map(({ measure, wanted }) => `${measure}: ${wanted}`);
};

test('the median is the middle, or the mean of the two middles, in whatever order the values come', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])], [2, 2.5, 7]);
  assert.throws(() => median([]), RangeError);
});

test('an engine has its median, lowest and highest; ratios above 1 mean that ours is ahead, in seconds as in rates', () => {
  const [ours, peer] = summarize('boston', [
    { label: 'Skillet', peer: null, cold: [2, 1, 3], steady: [50, 60, 40], loss: 0.5 },
    { label: 'Keras', peer: 'keras', cold: [4], steady: [25], loss: 0.4 },
  ]);
  assert.deepEqual(ours, {
    label: 'Skillet',
    peer: null,
    loss: 0.5,
    cold: { median: 2, lowest: 1, highest: 3 },
    steady: { median: 50, lowest: 40, highest: 60 },
    ratios: [{ against: 'Keras', cold: 2, steady: 2 }],
    misses: [],
  });
  assert.deepEqual([peer?.ratios, peer?.misses], [[], []]);
});

test('a draw is no lead: cold against all, steady against Keras, MXNet and PyTorch', () => {
  const both = ['cold: ahead', 'steady: ahead'];
  assert.deepEqual(missesOf('boston', 1, 100, 'keras'), both);
  assert.deepEqual(missesOf('cnn', 1, 100, 'mxnet'), both);
  assert.deepEqual(missesOf('mnist', 1, 100, 'pytorch'), both);
  assert.deepEqual(missesOf('shampoo', 0.99, 101, 'pytorch'), []);
});

test('on the larger LSTM a draw with PyTorch is enough in steady, and no draw with Keras', () => {
  assert.deepEqual(missesOf('lstm', 0.9, 100, 'pytorch'), []);
  assert.deepEqual(missesOf('lstm', 0.9, 99.9, 'pytorch'), ['steady: equal']);
  assert.deepEqual(missesOf('lstm', 0.9, 100, 'keras'), ['steady: ahead']);
});

test('on the CNN no steady rate is wanted against PyTorch, but the lead in cold wall is', () => {
  assert.deepEqual(missesOf('cnn', 0.9, 1, 'pytorch'), []);
  assert.deepEqual(missesOf('cnn', 1.1, 1, 'pytorch'), ['cold: ahead']);
});

test('the verdict is that of the medians, not of the best round', () => {
  const [ours] = summarize('boston', [
    { label: 'Skillet', peer: null, cold: [0.1, 2, 2], steady: [1000, 1, 1], loss: 1 },
    engine('Keras', 'keras', 1, 100),
  ]);
  assert.equal(ours?.misses.length, 2);
});

test('a loss far from the others is found, NaN too, but not a trifle near zero', () => {
  const rows = (...losses: number[]) => losses.map((loss, i) => ({ label: String(i), loss }));
  const strange = (...losses: number[]) => findStrangeLosses(rows(...losses), 1).map(({ label }) => label);
  assert.deepEqual(strange(0.2, 0.21, 0.19), []);
  assert.deepEqual(strange(0.2, 0.21, 0.9), ['2']);
  assert.deepEqual(strange(0.2, 0.21, 0.01), ['2']);
  assert.deepEqual(strange(0.0001, 0.001, 0.01), []);
  assert.deepEqual(strange(0.2, 0.21, Number.NaN), ['2']);
});

test('the steady rate counts only the epochs after those that warm up', () => {
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  const end = (epoch: number, seconds: number) => ({ type: 'epochEnd', epoch, at: at(seconds) });
  const events = [
    { type: 'runStart', at: at(0) },
    end(1, 10),
    end(2, 11),
    end(3, 11.5),
    end(4, 12),
    { type: 'runEnd', at: at(99) },
  ];
  assert.equal(epochsPerSecond(events, 2), 2);
  assert.equal(epochsPerSecond(events, 1), 1.5);
  assert.throws(() => epochsPerSecond(events, 4), /none follows the 4/);
  assert.throws(() => epochsPerSecond([], 1), /has 0 epochs/);
});
