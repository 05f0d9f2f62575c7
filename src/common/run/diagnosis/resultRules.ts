/** What the result on the test rows and the size of the validation say about how much was learnt. */
import { formatNumber } from '../../format.ts';
import { classScores } from '../classScores.ts';
import type { Baseline, Evaluation } from '../events.ts';
import { from } from './curve.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { RunFacts } from './facts.ts';
import { setFix } from './learningRate.ts';
import { median, noiseOf } from './statistics.ts';

export function diagnoseResult({ run: { evaluation } }: RunFacts): Diagnosis[] {
  return evaluation === null ? [] : [...neverPredicted(evaluation), ...noBetter(evaluation)];
}

const FEWEST_OF_CLASS = 3;

function neverPredicted({ predictions, rows }: Evaluation): Diagnosis[] {
  if (predictions.kind !== 'classes') {
    return [];
  }
  const { classes, confusion } = predictions;
  const missed = classScores(classes, confusion).filter((one) => one.precision === null && one.rows >= FEWEST_OF_CLASS);
  if (missed.length === 0) {
    return [];
  }
  const names = missed.slice(0, 5).map(({ name }) => name);
  const more = missed.length > names.length ? ` and ${missed.length - names.length} more` : '';
  return [
    {
      code: 'class-never-predicted',
      path: 'data.target',
      severity: 'warning',
      sinceEpoch: null,
      message: `The network never says ${names.join(', ')}${more}, though ${missed.reduce((sum, one) => sum + one.rows, 0)} of the ${rows} test rows are.`,
      evidence: missed.slice(0, 5).map(({ name, rows: own }) => ({ label: `test rows of ${name}`, value: own })),
      remedy: 'Bring more rows of the class, or inputs that tell it from the others; or train longer.',
      fixes: [],
    },
  ];
}

/** Predictors that look at no input at all. */
const NAIVE: readonly string[] = ['trainingMean', 'lastValue', 'majorityClass'];

/** The verdict tells by how much; the rule says whether that is more than so few rows could bring by chance. */
function noBetter({ baselines, metrics, primary, rows }: Evaluation): Diagnosis[] {
  const { metric, better } = primary;
  const value = metrics[metric];
  const sign = better === 'lower' ? 1 : -1;
  const known = baselines.flatMap((one) => scored(one, metric));
  const best = known.toSorted((a, b) => sign * (a.score - b.score))[0];
  if (typeof value !== 'number' || best === undefined) {
    return [];
  }
  const isWorse = sign * (value - best.score) >= 0;
  const error = chanceOf(metric, best.score, rows);
  const isSure = sign * (value - best.score) > error;
  if (!isWorse || !(isSure || best.isNaive)) {
    return [];
  }
  return [
    {
      code: 'no-better-than-baseline',
      path: 'model',
      severity: isSure ? 'warning' : 'information',
      sinceEpoch: null,
      message: `On the test rows the network is no better than ${best.label}: ${metric} ${formatNumber(value)} against ${formatNumber(best.score)}.${isSure ? '' : ` With ${rows} rows the difference may be chance.`}`,
      evidence: [
        { label: `test ${metric}`, value },
        { label: `${metric} of ${best.label}`, value: best.score },
        { label: `what chance brings with ${rows} test rows`, value: error },
      ],
      remedy: 'Look at the inputs and their scaling, then at the network; it may also be that the inputs tell no more.',
      fixes: [],
    },
  ];
}

function scored({ name, label, metrics }: Baseline, metric: string) {
  const score = metrics[metric];
  return typeof score === 'number' && Number.isFinite(score) ? [{ label, score, isNaive: NAIVE.includes(name) }] : [];
}

/**
 * One standard error: of a share √(p (1 − p) / n); of a root of a mean square about 1 / √(2 n) of it, of a mean square
 * or a mean of sizes about √(2 / n), which holds for normal errors.
 */
function chanceOf(metric: string, score: number, rows: number): number {
  if (metric === 'accuracy') {
    return Math.sqrt((score * (1 - score)) / rows);
  }
  return score * (metric === 'rmse' ? 1 / Math.sqrt(2 * rows) : Math.sqrt(2 / rows));
}

const FEW_ROWS = 100;
const NOISY = 0.25;

/** Said rather than warned of: the reader should not conclude anything from small differences. */
export function diagnoseNoise({ validation, loss, start, recipe }: RunFacts): Diagnosis[] {
  const rows = start.data.validationRows;
  if (validation === null || rows === 0 || rows >= FEW_ROWS || validation.values.length < 8) {
    return [];
  }
  const half = Math.floor(validation.values.length / 2);
  const [late, trained] = [from(validation, half).values, from(loss, half).values];
  const noise = noiseOf(late) / median(late);
  if (!(noise >= NOISY && noise >= (2 * noiseOf(trained)) / median(trained))) {
    return [];
  }
  const { validationSplit } = recipe.train;
  return [
    {
      code: 'validation-noise',
      path: 'train.validationSplit',
      severity: 'information',
      sinceEpoch: null,
      message: `The validation loss goes up and down by about ${Math.round(noise * 100)} % from epoch to epoch, because only ${rows} row${rows === 1 ? '' : 's'} stand behind it.`,
      evidence: [
        { label: 'validation rows', value: rows },
        { label: 'noise by loss, validation', value: noise },
        { label: 'noise by loss, training', value: noiseOf(trained) / median(trained) },
        { label: 'median val_loss of the last half', value: median(late) },
      ],
      remedy: `Conclude nothing from differences below that${validationSplit !== undefined && validationSplit < 0.2 ? '; hold more rows out' : ''}, and compare several seeds.`,
      fixes: validationSplit !== undefined && validationSplit < 0.2 ? [setFix('train.validationSplit', 0.2)] : [],
    },
  ];
}
