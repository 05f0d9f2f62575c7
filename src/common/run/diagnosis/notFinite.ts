/** Numbers that became NaN or infinite: the run that ended of it, or a validation loss that nobody could read. */
import { formatNumber } from '../../format.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { RunFacts } from './facts.ts';
import { clipFix, formatRate, learningRateOf, rateFix } from './learningRate.ts';

export function diagnoseNotFinite(facts: RunFacts): Diagnosis[] {
  return [...ended(facts), ...validationLost(facts)];
}

/** The trainer has named layer and step; the rule adds what the loss did before, and what would mend it. */
function ended({ run, recipe, start, epoch }: RunFacts): Diagnosis[] {
  const problem = run.problems.find(({ code }) => code === 'run-not-finite');
  if (problem === undefined) {
    return [];
  }
  const rate = learningRateOf(recipe);
  const isData = problem.path === 'data';
  const isScaled = recipe.data.scale !== 'none';
  const before = run.epochs.at(-1)?.metrics.loss;
  const grewFrom = run.epochs[0]?.metrics.loss;
  return [
    {
      code: 'not-finite',
      path: isData ? 'data' : rate.path,
      severity: 'error',
      sinceEpoch: epoch + 1,
      message: problem.message,
      evidence: [
        { label: 'learning rate', value: rate.value },
        ...(typeof grewFrom === 'number' && epoch > 1 ? [{ label: 'loss after epoch 1', value: grewFrom }] : []),
        ...(typeof before === 'number' ? [{ label: `loss after epoch ${epoch}`, value: before }] : []),
        { label: 'steps per epoch', value: start.stepsPerEpoch },
      ],
      remedy: isData
        ? 'Look for huge values in the data, or set data.scale: standard.'
        : `Use a smaller learning rate (now ${formatRate(rate.value)})${isScaled ? '' : ', scale the data'} or cut the gradients with globalClipNorm.`,
      fixes: [
        ...(isData && !isScaled ? [setScale] : []),
        ...(isData ? [] : [rateFix(recipe, 0.1), ...clipFix(recipe)]),
      ],
    },
  ];
}

/** The training loss of the same epochs was finite, or the run would have ended. */
function validationLost({ run, recipe }: RunFacts): Diagnosis[] {
  const isLost = (value: number | null | undefined) => value === null;
  const first = run.epochs.find(({ metrics }) => isLost(metrics.val_loss) && typeof metrics.loss === 'number');
  const last = run.epochs.at(-1);
  if (first === undefined || last === undefined || !isLost(last.metrics.val_loss)) {
    return [];
  }
  const since = run.epochs.findLast(({ metrics }) => !isLost(metrics.val_loss));
  const epoch = since === undefined ? first.epoch : since.epoch + 1;
  return [
    {
      code: 'not-finite',
      path: 'train.validationSplit',
      severity: 'warning',
      sinceEpoch: epoch,
      message: `The validation loss is NaN or infinite since epoch ${epoch}, while the training loss is ${formatNumber(last.metrics.loss)}.`,
      evidence: [{ label: `loss, in epoch ${last.epoch}`, value: last.metrics.loss ?? Number.NaN }],
      remedy: 'Look for huge values among the validation rows, scale the data, or use a smaller learning rate.',
      fixes: recipe.data.scale === 'none' ? [setScale] : [rateFix(recipe, 0.1)],
    },
  ];
}

const setScale = { title: 'Set scale: standard', changes: [{ path: 'data.scale', value: 'standard' }] };
