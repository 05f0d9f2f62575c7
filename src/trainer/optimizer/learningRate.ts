/** The learning rate of an update, fixed or by one of Keras's schedules. */
import type { OptimizerSettings } from '../../common/recipe/optimizers.ts';
import type { Schedule } from '../../common/recipe/schedules.ts';

type Settings<T extends Schedule['type']> = Extract<Schedule, { type: T }>;

/**
 * Formulas: Keras 3.15, `keras.optimizers.schedules`, https://keras.io/api/optimizers/learning_rate_schedules/;
 * in double precision, where Keras computes in single.
 *
 * @param done Updates done before this one, as Keras's `iterations`: 0 for the first.
 */
export function learningRateAt(rate: OptimizerSettings['learningRate'], done: number): number {
  if (typeof rate === 'number') {
    return rate;
  }
  switch (rate.type) {
    case 'exponentialDecay':
      return exponentialDecay(rate, done);
    case 'piecewiseConstantDecay':
      return piecewiseConstantDecay(rate, done);
    case 'polynomialDecay':
      return polynomialDecay(rate, done);
    case 'inverseTimeDecay':
      return inverseTimeDecay(rate, done);
    case 'cosineDecay':
      return cosineDecay(rate, done);
    default:
      return cosineDecayRestarts(rate, done);
  }
}

/** t / T, or the whole part of it. */
function periods(done: number, { decaySteps, staircase }: { decaySteps: number; staircase: boolean }): number {
  return staircase ? Math.floor(done / decaySteps) : done / decaySteps;
}

/** η₀ · ρ^(t / T); Keras's `ExponentialDecay`. */
function exponentialDecay(schedule: Settings<'exponentialDecay'>, done: number): number {
  return schedule.initialLearningRate * schedule.decayRate ** periods(done, schedule);
}

/** The first value up to and with the first boundary, then the second, …; Keras's `PiecewiseConstantDecay`. */
function piecewiseConstantDecay({ boundaries, values }: Settings<'piecewiseConstantDecay'>, done: number): number {
  const piece = boundaries.findIndex((boundary) => done <= boundary);
  return values.at(piece) as number; // −1, past all boundaries, is the last value.
}

/**
 * (η₀ − η₁) · (1 − t / T)^p + η₁, with t at most T; Keras's `PolynomialDecay`.
 * In a cycle T is instead the next multiple of T that t does not exceed.
 */
function polynomialDecay(schedule: Settings<'polynomialDecay'>, done: number): number {
  const { initialLearningRate, decaySteps, endLearningRate, power, cycle } = schedule;
  const length = cycle ? decaySteps * Math.max(1, Math.ceil(done / decaySteps)) : decaySteps;
  const left = 1 - Math.min(done, length) / length;
  return (initialLearningRate - endLearningRate) * left ** power + endLearningRate;
}

/** η₀ / (1 + ρ · t / T); Keras's `InverseTimeDecay`. */
function inverseTimeDecay(schedule: Settings<'inverseTimeDecay'>, done: number): number {
  return schedule.initialLearningRate / (1 + schedule.decayRate * periods(done, schedule));
}

/** Half a wave from 1 down to 0 while `share` goes from 0 to 1. */
const halfWave = (share: number): number => 0.5 * (1 + Math.cos(Math.PI * share));

/**
 * η · ((1 − α) · (1 + cos(π · t / T)) / 2 + α), with t at most T (Loshchilov and Hutter 2017, equation 5, without
 * restarts); Keras's `CosineDecay`. With a warm-up (Goyal et al. 2017) the rate first climbs in a straight line from
 * η₀ to the target, which is η from there on, and t counts from the end of the climb.
 */
function cosineDecay(schedule: Settings<'cosineDecay'>, done: number): number {
  const { initialLearningRate, decaySteps, alpha, warmupTarget } = schedule;
  const warmupSteps = warmupTarget === undefined ? 0 : schedule.warmupSteps;
  const highest = warmupTarget ?? initialLearningRate;
  if (done < warmupSteps) {
    return initialLearningRate + (highest - initialLearningRate) * (done / warmupSteps);
  }
  const share = Math.min(done - warmupSteps, decaySteps) / decaySteps;
  return highest * ((1 - alpha) * halfWave(share) + alpha);
}

/**
 * η₀ · ((1 − α) · mⁱ · (1 + cos(π · s)) / 2 + α), where s is the share of the period i that is done and periods
 * grow by the factor t (Loshchilov and Hutter 2017); Keras's `CosineDecayRestarts`.
 */
function cosineDecayRestarts(schedule: Settings<'cosineDecayRestarts'>, done: number): number {
  const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha } = schedule;
  const firsts = done / firstDecaySteps;
  const [restarts, share] = tMul === 1 ? inEqualPeriods(firsts) : inGrowingPeriods(firsts, tMul);
  return initialLearningRate * ((1 - alpha) * mMul ** restarts * halfWave(share) + alpha);
}

/** @param firsts Time done, in first periods. @returns Restarts so far, and the share of the period under way. */
function inEqualPeriods(firsts: number): [number, number] {
  const restarts = Math.floor(firsts);
  return [restarts, firsts - restarts];
}

function inGrowingPeriods(firsts: number, growth: number): [number, number] {
  // i periods take (growthⁱ − 1) / (growth − 1). The small number is for logarithms that are rounded down at the very
  // restart; Keras, in single precision, can be one update late there (growth 1.1, first period 10, update 21).
  const restarts = Math.floor(Math.log1p(firsts * (growth - 1)) / Math.log(growth) + 1e-9);
  const length = growth ** restarts;
  return [restarts, (firsts - (length - 1) / (growth - 1)) / length];
}
