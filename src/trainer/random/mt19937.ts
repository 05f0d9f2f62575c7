/** NumPy's legacy random stream (`RandomState`): the Mersenne Twister MT19937 of Matsumoto and Nishimura (1998). */

const N = 624;
const M = 397;

/** Everything the stream is: 624 words and the place of the next one. */
export interface RandomSnapshot {
  readonly words: readonly number[];
  readonly position: number;
}

export class Mt19937 {
  #words = new Uint32Array(N);
  #position = N;

  /** @param seed A whole number below 2³² seeds as `RandomState(seed)`; several seed as `RandomState([a, b, …])`. */
  constructor(seed: number | readonly number[]) {
    if (typeof seed === 'number') {
      this.#seedOne(seed);
    } else {
      this.#seedMany(seed);
    }
  }

  /** Uniform on the whole numbers 0 … 2³² − 1. */
  nextUint32(): number {
    if (this.#position === N) {
      this.#refill();
    }
    let y = this.#words[this.#position] ?? 0;
    this.#position += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Uniform on [0, 1) with 53 random bits, as `RandomState.random_sample`. */
  nextDouble(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform on 0 … max, as `RandomState` draws it: bits under a mask, again while too large. */
  nextUpTo(max: number): number {
    const mask = 2 ** (32 - Math.clz32(max)) - 1;
    for (;;) {
      const value = (this.nextUint32() & mask) >>> 0;
      if (value <= max) {
        return value;
      }
    }
  }

  /** `RandomState.shuffle`, in place: Fisher and Yates from the end. */
  shuffle(items: Int32Array): void {
    for (let i = items.length - 1; i > 0; i -= 1) {
      const j = this.nextUpTo(i);
      const kept = items[i] ?? 0;
      items[i] = items[j] ?? 0;
      items[j] = kept;
    }
  }

  /** `RandomState.permutation(count)`. */
  permutation(count: number): Int32Array {
    const items = Int32Array.from({ length: count }, (_, index) => index);
    this.shuffle(items);
    return items;
  }

  save(): RandomSnapshot {
    return { words: Array.from(this.#words), position: this.#position };
  }

  restore({ words, position }: RandomSnapshot): void {
    this.#words = Uint32Array.from(words);
    this.#position = position;
  }

  #seedOne(seed: number): void {
    const words = this.#words;
    words[0] = seed >>> 0;
    for (let i = 1; i < N; i += 1) {
      const last = words[i - 1] ?? 0;
      words[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
    }
    this.#position = N;
  }

  #seedMany(seeds: readonly number[]): void {
    this.#seedOne(19650218);
    const words = this.#words;
    let i = 1;
    for (let k = 0; k < Math.max(N, seeds.length); k += 1) {
      const j = k % seeds.length;
      words[i] = ((words[i] ?? 0) ^ Math.imul(this.#mixed(i), 1664525)) + (seeds[j] ?? 0) + j;
      i = this.#following(i);
    }
    for (let k = 0; k < N - 1; k += 1) {
      words[i] = ((words[i] ?? 0) ^ Math.imul(this.#mixed(i), 1566083941)) - i;
      i = this.#following(i);
    }
    words[0] = 0x80000000;
  }

  #mixed(i: number): number {
    const last = this.#words[i - 1] ?? 0;
    return last ^ (last >>> 30);
  }

  #following(i: number): number {
    if (i + 1 < N) {
      return i + 1;
    }
    this.#words[0] = this.#words[N - 1] ?? 0;
    return 1;
  }

  #refill(): void {
    const words = this.#words;
    for (let i = 0; i < N; i += 1) {
      const y = ((words[i] ?? 0) & 0x80000000) | ((words[(i + 1) % N] ?? 0) & 0x7fffffff);
      words[i] = (words[(i + M) % N] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }
}
