/** When the trainer looks at its layers: rarely by itself, often where somebody asks for it. */

/** A look that nobody asked for may cost so much of the training until then. */
const MOST_SHARE = 0.02;
/** Asked for: at most twice a second, so that a fast network is not slowed. */
const LEAST_MS = 500;
/** And so that days of short epochs stay a file that can be read: at most a thousand looks in the time already watched. */
const MOST_LOOKS = 1000;

export interface Moment {
  readonly nowMs: number;
  /** Epochs finished, and how many there will be. */
  readonly epoch: number;
  readonly epochs: number;
  /** Spent in training so far, looks left out. */
  readonly trainedMs: number;
}

export interface LookSchedule {
  readonly isAsked: boolean;
  ask(isAsked: boolean, nowMs: number): void;
  /** At the end of an epoch. */
  isDue(moment: Moment): boolean;
  /** A look was taken. */
  note(look: { readonly nowMs: number; readonly costMs: number }): void;
}

export function createLookSchedule(): LookSchedule {
  let askedMs: number | null = null;
  let lookedMs = Number.NEGATIVE_INFINITY;
  let costMs: number | null = null;
  return {
    get isAsked() {
      return askedMs !== null;
    },
    ask(isAsked, nowMs) {
      askedMs = isAsked ? (askedMs ?? nowMs) : null;
    },
    isDue({ nowMs, epoch, epochs, trainedMs }) {
      if (askedMs !== null) {
        const waitMs = Math.max(LEAST_MS, (nowMs - askedMs) / MOST_LOOKS);
        if (nowMs - lookedMs >= waitMs || epoch === epochs) {
          return true;
        }
      }
      return isPowerOfTwo(epoch) && (costMs === null || costMs <= MOST_SHARE * trainedMs);
    },
    note(look) {
      lookedMs = look.nowMs;
      costMs = look.costMs;
    },
  };
}

function isPowerOfTwo(epoch: number): boolean {
  return Number.isInteger(Math.log2(epoch));
}
