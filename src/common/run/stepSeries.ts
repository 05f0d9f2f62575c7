/** A metric by step: appended to cheaply, read at any width, and never larger than its bound. */

/** Values of a full chunk; its pyramid has blocks of 16, 32, … 4,096 of them. */
const CHUNK = 4096;
const BLOCK = 16;
const LEVELS = 9;
const NODES = 511;
/** Stands in the pyramid for a block without any value. */
const NONE = 0xffff;
const LEAST_CAPACITY = 64;

/** Values that a series keeps one by one unless it is told otherwise: 4.5 bytes each, so 19 MB. */
export const STEPS_KEPT = 1 << 22;

/** The lowest and the highest value of a range, and where they stand. */
export interface Extremes {
  readonly low: number;
  readonly lowStep: number;
  readonly high: number;
  readonly highStep: number;
}

/** Steps that stand together; before it there may be a gap. */
interface Chunk {
  start: number;
  /** Steps for each value that is kept: 1 until the series has outgrown its bound. */
  stride: number;
  count: number;
  /** float32, as the trainer reckons; NaN for null. */
  values: Float32Array;
  /** Places in `values` of the lowest and the highest of each full block, the finest level first. */
  readonly low: Uint16Array;
  readonly high: Uint16Array;
}

/**
 * Numbers or null by step, from step 0. Appending takes constant time on average, the extremes of any range logarithmic time.
 * Beyond `limit` values the newest half stays as it is, and older ones are folded: of four neighbours the lowest and the
 * highest stay, in their order. Two series with the same history are deeply equal.
 */
export class StepSeries {
  /** One more than the last step. */
  length = 0;
  private readonly chunks: Chunk[] = [];
  private mostChunks: number;
  /** No part of what is compared: a series that was cut and grew again may equal one that was not. */
  #cuts = 0;

  constructor(limit: number = STEPS_KEPT) {
    this.mostChunks = chunksFor(limit);
  }

  /** How often values were taken back: while it stays the same, the series has only grown. */
  get cuts(): number {
    return this.#cuts;
  }

  /** Null for a gap, beyond the ends, and for what was not finite; one of the neighbours' extremes where folded. */
  at(step: number): number | null {
    const chunk = this.chunks[this.chunkAt(step)];
    const value = chunk === undefined || step >= this.length ? Number.NaN : valueAt(chunk, step);
    return Number.isNaN(value) ? null : value;
  }

  /** Null, what is not finite and what is no number are gaps. */
  append(values: ArrayLike<number | null>): void {
    for (let index = 0; index < values.length; index += 1) {
      push(this.openChunk(), toFloat(values[index]));
      this.length += 1;
    }
  }

  /** The next value stands at `step`; what lies between is a gap, which takes no memory. */
  skipTo(step: number): void {
    this.length = Math.max(this.length, step);
  }

  /** Forgets the steps from `length` on. */
  truncate(length: number): void {
    if (length >= this.length) {
      return;
    }
    this.#cuts += 1;
    this.length = length;
    while ((this.chunks.at(-1)?.start ?? -1) >= length) {
      this.chunks.pop();
    }
    const last = this.chunks.at(-1);
    if (last !== undefined) {
      cut(last, Math.ceil((length - last.start) / last.stride));
    }
  }

  /** Gives the series another bound, in values. */
  limitTo(limit: number): void {
    this.mostChunks = chunksFor(limit);
    this.fold();
  }

  /** The first step from `step` on that does not lie in a gap left out by `skipTo`; null: none. */
  nextFrom(step: number): number | null {
    const at = this.chunkAt(step);
    const chunk = this.chunks[at];
    const isInside = chunk !== undefined && step < Math.min(endOf(chunk), this.length);
    return isInside ? step : (this.chunks[at + 1]?.start ?? null);
  }

  /** Writes the values from `first` on into `target`, NaN for null. */
  read(first: number, target: Float32Array): void {
    target.fill(Number.NaN);
    const end = Math.min(this.length, first + target.length);
    for (let at = Math.max(0, this.chunkAt(first)); at < this.chunks.length; at += 1) {
      const chunk = this.chunks[at];
      if (chunk === undefined || chunk.start >= end) {
        return;
      }
      const from = Math.max(first, chunk.start);
      const to = Math.min(end, endOf(chunk));
      if (chunk.stride === 1 && to > from) {
        target.set(chunk.values.subarray(from - chunk.start, to - chunk.start), from - first);
        continue;
      }
      for (let step = from; step < to; step += 1) {
        target[step - first] = valueAt(chunk, step);
      }
    }
  }

  /** Null where the steps from `first` up to `end` have no value. */
  extremes(first: number, end: number): Extremes | null {
    let low = { value: Number.NaN, step: -1 };
    let high = low;
    for (let at = Math.max(0, this.chunkAt(first)); at < this.chunks.length; at += 1) {
      const chunk = this.chunks[at];
      if (chunk === undefined || chunk.start >= end) {
        break;
      }
      const found = extremePlaces(chunk, first, end);
      if (found !== null) {
        const [lowest, highest] = found.map((place) => foundAt(chunk, place)) as [Found, Found];
        low = low.step < 0 || lowest.value < low.value ? lowest : low;
        high = high.step < 0 || highest.value > high.value ? highest : high;
      }
    }
    return low.step < 0 ? null : { low: low.value, lowStep: low.step, high: high.value, highStep: high.step };
  }

  /** The last chunk that does not begin after `step`; -1: none. */
  private chunkAt(step: number): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.chunks[middle]?.start ?? 0) <= step) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private openChunk(): Chunk {
    const last = this.chunks.at(-1);
    if (last !== undefined && last.stride === 1 && last.count < CHUNK && endOf(last) === this.length) {
      return last;
    }
    const chunk = emptyChunk(this.length, 1);
    this.chunks.push(chunk);
    this.fold();
    return chunk;
  }

  /** Two old neighbours become one for as long as there are too many: those that together span the fewest steps. */
  private fold(): void {
    while (this.chunks.length > this.mostChunks) {
      const old = this.chunks.length - (this.mostChunks >> 1) - 1; // The newest is still being filled.
      let best = 0;
      for (let at = 1; at + 1 < old; at += 1) {
        best = this.spanOf(at) < this.spanOf(best) ? at : best;
      }
      this.chunks.splice(best, 2, this.merged(best));
    }
  }

  private spanOf(at: number): number {
    const [one, two] = [this.chunks[at], this.chunks[at + 1]];
    return one === undefined || two === undefined ? Number.POSITIVE_INFINITY : this.endAt(at + 1) - one.start;
  }

  /** A chunk that was cut may have its last value stand for steps that are another chunk's now. */
  private endAt(at: number): number {
    const [chunk, next] = [this.chunks[at], this.chunks[at + 1]];
    return chunk === undefined ? 0 : Math.min(endOf(chunk), next?.start ?? this.length);
  }

  private merged(at: number): Chunk {
    const start = this.chunks[at]?.start ?? 0;
    const end = this.endAt(at + 1);
    const group = powerOfTwoFrom(Math.max(2, (end - start) / (CHUNK / 2)));
    const chunk = emptyChunk(start, group / 2);
    for (let first = start; first < end; first += group) {
      const found = this.extremes(first, Math.min(end, first + group));
      const isFalling = found !== null && found.highStep < found.lowStep;
      push(chunk, (isFalling ? found.high : found?.low) ?? Number.NaN);
      push(chunk, (isFalling ? found.low : found?.high) ?? Number.NaN);
    }
    return chunk;
  }
}

interface Found {
  readonly value: number;
  readonly step: number;
}

const chunksFor = (limit: number) => Math.max(8, Math.ceil(limit / CHUNK));
const endOf = (chunk: Chunk) => chunk.start + chunk.count * chunk.stride;
const placeOf = (chunk: Chunk, step: number) => Math.floor((step - chunk.start) / chunk.stride);
const foundAt = (chunk: Chunk, place: number): Found => ({
  value: chunk.values[place] ?? Number.NaN,
  step: chunk.start + place * chunk.stride,
});

/** NaN behind the chunk's last value: the memory there is not its. */
function valueAt(chunk: Chunk, step: number): number {
  const place = placeOf(chunk, step);
  return place < chunk.count ? (chunk.values[place] ?? Number.NaN) : Number.NaN;
}

function emptyChunk(start: number, stride: number): Chunk {
  const values = new Float32Array(LEAST_CAPACITY);
  return { start, stride, count: 0, values, low: new Uint16Array(NODES), high: new Uint16Array(NODES) };
}

function toFloat(value: number | null | undefined): number {
  const float = typeof value === 'number' ? Math.fround(value) : Number.NaN;
  return Number.isFinite(float) ? float : Number.NaN;
}

function powerOfTwoFrom(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}

function push(chunk: Chunk, value: number): void {
  if (chunk.count === chunk.values.length) {
    const values = new Float32Array(chunk.count * 2);
    values.set(chunk.values);
    chunk.values = values;
  }
  chunk.values[chunk.count] = value;
  chunk.count += 1;
  if (chunk.count % BLOCK === 0) {
    closeBlocks(chunk);
  }
}

/** Where the blocks of a level begin in `low` and `high`. */
const levelAt = (level: number) => 512 - (512 >> level);

/** Enters all blocks that end with the newest value. */
function closeBlocks(chunk: Chunk): void {
  const { count, low, high, values } = chunk;
  let lowest = NONE;
  let highest = NONE;
  for (let place = count - BLOCK; place < count; place += 1) {
    lowest = lower(values, lowest, place);
    highest = higher(values, highest, place);
  }
  low[count / BLOCK - 1] = lowest;
  high[count / BLOCK - 1] = highest;
  for (let level = 1; level < LEVELS && count % (BLOCK << level) === 0; level += 1) {
    const node = levelAt(level) + count / (BLOCK << level) - 1;
    const right = levelAt(level - 1) + count / (BLOCK << (level - 1)) - 1;
    low[node] = lower(values, low[right - 1] ?? NONE, low[right] ?? NONE);
    high[node] = higher(values, high[right - 1] ?? NONE, high[right] ?? NONE);
  }
}

/** Of two places the one with the lower value, the first where they are equal; a gap is never taken. */
function lower(values: Float32Array, one: number, two: number): number {
  const [first, second] = [values[one] ?? Number.NaN, values[two] ?? Number.NaN];
  return second < first || Number.isNaN(first) ? (Number.isNaN(second) ? one : two) : one;
}

function higher(values: Float32Array, one: number, two: number): number {
  const [first, second] = [values[one] ?? Number.NaN, values[two] ?? Number.NaN];
  return second > first || Number.isNaN(first) ? (Number.isNaN(second) ? one : two) : one;
}

/** Places of the lowest and the highest value among the steps from `first` up to `end`, by as few blocks as cover them. */
function extremePlaces(chunk: Chunk, first: number, end: number): [number, number] | null {
  const { values, low, high } = chunk;
  let lowest = NONE;
  let highest = NONE;
  let place = Math.max(0, placeOf(chunk, first));
  const last = Math.min(chunk.count, Math.ceil((end - chunk.start) / chunk.stride));
  while (place < last) {
    const level = largestLevel(place, last);
    const node = levelAt(level) + place / (BLOCK << level);
    lowest = lower(values, lowest, level < 0 ? place : (low[node] ?? NONE));
    highest = higher(values, highest, level < 0 ? place : (high[node] ?? NONE));
    place += level < 0 ? 1 : BLOCK << level;
  }
  return lowest === NONE || Number.isNaN(values[lowest] ?? Number.NaN) ? null : [lowest, highest];
}

/** Of the largest block that begins at `place` and ends by `last`; -1: not even the smallest. */
function largestLevel(place: number, last: number): number {
  let level = -1;
  while (level + 1 < LEVELS && place % (BLOCK << (level + 1)) === 0 && place + (BLOCK << (level + 1)) <= last) {
    level += 1;
  }
  return level;
}

/** Leaves the chunk as if it had never held more than `count` values. */
function cut(chunk: Chunk, count: number): void {
  if (count >= chunk.count) {
    return;
  }
  chunk.count = count;
  const values = new Float32Array(Math.max(LEAST_CAPACITY, powerOfTwoFrom(count)));
  values.set(chunk.values.subarray(0, count));
  chunk.values = values;
  for (let level = 0; level < LEVELS; level += 1) {
    const from = levelAt(level) + Math.floor(count / (BLOCK << level));
    chunk.low.fill(0, from, levelAt(level + 1));
    chunk.high.fill(0, from, levelAt(level + 1));
  }
}
