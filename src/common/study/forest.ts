/** A small random forest of regression trees whose leaves are known as boxes of the search space (Breiman 2001). */

/** One dimension of the unit cube: numbers from 0 to 1, or `count` unordered words given by their index. */
export type Dimension = { readonly kind: 'number' } | { readonly kind: 'words'; readonly count: number };

export interface Samples {
  readonly dimensions: readonly Dimension[];
  /** Rows of places, one number a dimension. */
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly number[];
}

/** Part of one dimension that a leaf covers. */
export type Side =
  | { readonly kind: 'number'; readonly from: number; readonly to: number }
  | { readonly kind: 'words'; readonly holds: readonly boolean[] };

/** The part of the space that a leaf speaks for, side by side over the dimensions. */
export interface Leaf {
  readonly sides: readonly Side[];
  readonly value: number;
}

export interface Forest {
  readonly trees: readonly (readonly Leaf[])[];
  /**
   * 1 - (squared error / variance), each sample predicted by the trees that were grown without it: 1 is perfect, 0 no
   * better than the mean.
   */
  readonly foreseen: number;
}

const TREES = 48;
/** Trees of more samples take long to grow and tell hardly more. */
const MOST_IN_TREE = 200;
/** A leaf that must hold two samples cannot follow the noise of a single one. */
const LEAST_IN_LEAF = 2;

/** The same samples give the same forest: its chance is drawn from a fixed beginning. */
export function growForest(samples: Samples): Forest {
  const draw = createDraw();
  const count = samples.targets.length;
  const sums = new Array<number>(count).fill(0);
  const times = new Array<number>(count).fill(0);
  const trees = Array.from({ length: TREES }, () => {
    const rows = Array.from({ length: Math.min(count, MOST_IN_TREE) }, () => Math.floor(draw() * count));
    const leaves = growTree(samples, rows);
    const taken = new Set(rows);
    for (let row = 0; row < count; row += 1) {
      if (!taken.has(row)) {
        sums[row] = (sums[row] ?? 0) + predict(leaves, samples.inputs[row] ?? []);
        times[row] = (times[row] ?? 0) + 1;
      }
    }
    return leaves;
  });
  return { trees, foreseen: foreseenShare(samples.targets, sums, times) };
}

function foreseenShare(targets: readonly number[], sums: readonly number[], times: readonly number[]): number {
  const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  let error = 0;
  let variance = 0;
  targets.forEach((target, row) => {
    const left = times[row] ?? 0;
    if (left > 0) {
      error += (target - (sums[row] ?? 0) / left) ** 2;
      variance += (target - mean) ** 2;
    }
  });
  return variance === 0 ? 0 : 1 - error / variance;
}

function growTree(samples: Samples, rows: readonly number[]): Leaf[] {
  const whole = samples.dimensions.map(
    (dimension): Side =>
      dimension.kind === 'number'
        ? { kind: 'number', from: 0, to: 1 }
        : { kind: 'words', holds: new Array<boolean>(dimension.count).fill(true) },
  );
  const leaves: Leaf[] = [];
  const grow = (here: readonly number[], sides: readonly Side[]): void => {
    const split = here.length < 2 * LEAST_IN_LEAF ? null : bestSplit(samples, here);
    if (split === null) {
      const value = here.reduce((sum, row) => sum + (samples.targets[row] ?? 0), 0) / here.length;
      leaves.push({ sides, value });
      return;
    }
    const [low, high] = cut(sides, split);
    grow(
      here.filter((row) => isBelow(samples.inputs[row]?.[split.dimension] ?? 0, split)),
      low,
    );
    grow(
      here.filter((row) => !isBelow(samples.inputs[row]?.[split.dimension] ?? 0, split)),
      high,
    );
  };
  grow(rows, whole);
  return leaves;
}

/** Numbers up to `at` go down, or the one word `at`. */
interface Split {
  readonly dimension: number;
  readonly kind: Dimension['kind'];
  readonly at: number;
}

const isBelow = (place: number, { kind, at }: Split) => (kind === 'number' ? place <= at : place === at);

/** The split that leaves the least squared error: the greatest sum of (sum of a side)² / its size. */
function bestSplit(samples: Samples, rows: readonly number[]): Split | null {
  const total = rows.reduce((sum, row) => sum + (samples.targets[row] ?? 0), 0);
  let best: Split | null = null;
  let gain = (total * total) / rows.length + 1e-12;
  const weigh = (split: Split, sum: number, size: number) => {
    const rest = rows.length - size;
    if (size >= LEAST_IN_LEAF && rest >= LEAST_IN_LEAF) {
      const score = (sum * sum) / size + ((total - sum) * (total - sum)) / rest;
      if (score > gain) {
        gain = score;
        best = split;
      }
    }
  };
  samples.dimensions.forEach((dimension, index) => {
    const pairs = rows.map((row) => [samples.inputs[row]?.[index] ?? 0, samples.targets[row] ?? 0] as const);
    if (dimension.kind === 'number') {
      weighNumbers(pairs, (at, sum, size) => weigh({ dimension: index, kind: 'number', at }, sum, size));
    } else {
      for (let word = 0; word < dimension.count; word += 1) {
        const those = pairs.filter(([place]) => place === word);
        const sum = those.reduce((all, [, target]) => all + target, 0);
        weigh({ dimension: index, kind: 'words', at: word }, sum, those.length);
      }
    }
  });
  return best;
}

function weighNumbers(
  pairs: readonly (readonly [number, number])[],
  weigh: (at: number, sum: number, size: number) => void,
): void {
  const sorted = [...pairs].sort(([a], [b]) => a - b);
  let sum = 0;
  sorted.forEach(([place, target], index) => {
    sum += target;
    const next = sorted[index + 1]?.[0];
    if (next !== undefined && next > place) {
      weigh((place + next) / 2, sum, index + 1);
    }
  });
}

function cut(sides: readonly Side[], { dimension, at }: Split): [Side[], Side[]] {
  const replace = (side: Side) => sides.map((one, index) => (index === dimension ? side : one));
  const side = sides[dimension];
  if (side?.kind === 'number') {
    return [replace({ ...side, to: at }), replace({ ...side, from: at })];
  }
  const holds = side?.holds ?? [];
  return [
    replace({ kind: 'words', holds: holds.map((held, word) => held && word === at) }),
    replace({ kind: 'words', holds: holds.map((held, word) => held && word !== at) }),
  ];
}

function predict(leaves: readonly Leaf[], place: readonly number[]): number {
  const leaf = leaves.find(({ sides }) => sides.every((side, index) => covers(side, place[index] ?? 0)));
  return leaf?.value ?? 0;
}

function covers(side: Side, place: number): boolean {
  return side.kind === 'words'
    ? side.holds[place] === true
    : (place > side.from || side.from === 0) && (place <= side.to || side.to === 1);
}

/** Numbers from 0 to 1, always the same ones: a generator by xorshift (Marsaglia 2003, "Xorshift RNGs"). */
function createDraw(): () => number {
  let state = 2463534242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
