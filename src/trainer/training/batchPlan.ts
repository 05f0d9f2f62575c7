/** Which samples an epoch's batches hold: all alike, or sequences of one bucket each. */
import type { TrainSettings } from '../../common/recipe/schema.ts';
import type { Samples } from '../data/samples.ts';
import { batchRows, countBatches } from './batches.ts';

export interface BatchPlan {
  /** Batches of an epoch. */
  readonly count: number;
  /** Samples of batch `index`. @param order All samples in the order of the epoch. */
  rows(order: Int32Array, index: number): Int32Array;
}

export function planBatches(samples: Pick<Samples, 'count' | 'filling'>, settings: TrainSettings): BatchPlan {
  const { filling } = samples;
  if (filling === undefined) {
    return {
      count: countBatches(samples.count, settings),
      rows: (order, index) => batchRows(order, index, settings),
    };
  }
  const cut = (order: Int32Array) => cutByBucket(order, filling.filled, settings);
  const inFileOrder = Int32Array.from({ length: samples.count }, (_, sample) => sample);
  let latest: { readonly order: Int32Array; readonly batches: readonly Int32Array[] } = {
    order: inFileOrder,
    batches: cut(inFileOrder),
  };
  return {
    count: latest.batches.length,
    rows(order, index) {
      if (order !== latest.order) {
        latest = { order, batches: cut(order) };
      }
      return latest.batches[index] ?? new Int32Array();
    },
  };
}

/** Batches come in the order in which the first of their samples do, so that a shuffle mixes the buckets too. */
function cutByBucket(order: Int32Array, filled: Int32Array, settings: TrainSettings): Int32Array[] {
  const buckets = new Map<number, number[]>();
  for (const sample of order) {
    const bucket = filled[sample] ?? 0;
    const members = buckets.get(bucket) ?? [];
    buckets.set(bucket, members);
    members.push(sample);
  }
  const place = new Map([...order].map((sample, index) => [sample, index]));
  const placeOf = (rows: Int32Array) => place.get(rows[0] ?? -1) ?? 0;
  return [...buckets.values()]
    .flatMap((members) => {
      const own = Int32Array.from(members);
      const count = countBatches(own.length, settings);
      return Array.from({ length: count }, (_, index) => batchRows(own, index, settings));
    })
    .toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** What a batch weighs in a mean over the epoch: its steps that count, filled ones left out. */
export function weightOf({ filling }: Pick<Samples, 'filling'>, rows: Int32Array): number {
  return filling === undefined || filling.counts === 'last'
    ? rows.length
    : rows.reduce((sum, sample) => sum + (filling.steps[sample] ?? 0), 0);
}
