/** Rows learnt by heart: the validation loss rises, or no longer falls, while the training loss goes on falling. */
import { formatNumber } from '../../format.ts';
import { type Curve, from } from './curve.ts';
import type { Diagnosis, SettingFix } from './diagnosis.ts';
import { isFalling, type RunFacts } from './facts.ts';
import { setFix } from './learningRate.ts';
import { indexOfBest, median, noiseOf, SURE_TREND, smooth, trendOf } from './statistics.ts';

/** Epochs after the best before anything is said: Prechelt looks at strips of five. */
const STRIP = 5;
/** Generalization loss in percent, from which on he stops (Prechelt 1998, "Early Stopping – But When?", GL5). */
const LEAST_LOSS = 5;

export function diagnoseOverfitting(facts: RunFacts): Diagnosis[] {
  const { loss, validation } = facts;
  if (validation === null || validation.values.length <= STRIP || validation.epochs.length !== loss.epochs.length) {
    return [];
  }
  const isRestored = facts.recipe.train.earlyStopping?.restoreBestWeights === true;
  const isEndedBy = facts.run.end?.status === 'completed' && !facts.isComplete;
  // Early stopping has seen it, and took the best weights back: nothing is left to do.
  return isRestored && (isEndedBy || facts.run.end === null)
    ? []
    : (rising(facts, loss, validation) ?? standing(facts, loss, validation) ?? []);
}

function rising(facts: RunFacts, loss: Curve, validation: Curve): Diagnosis[] | null {
  const best = indexOfBest(validation.values);
  const after = from(validation, best);
  const trained = from(loss, best);
  if (after.values.length <= STRIP) {
    return null;
  }
  const least = Math.min(...smooth(validation.values));
  const now = median(after.values.slice(-STRIP));
  const isWorse = 100 * (now / least - 1) >= LEAST_LOSS && now - least > 3 * noiseOf(validation.values);
  if (!(least > 0 && isWorse && trendOf(after.values) >= SURE_TREND && isFalling(trained))) {
    return null;
  }
  const { epoch, value } = bestOf(facts);
  const generalizationLoss = 100 * (now / value - 1);
  return [
    {
      ...common(facts, epoch),
      severity: 'warning',
      message: `Overfitting since epoch ${epoch}: the validation loss rose from ${formatNumber(value)} to ${formatNumber(now)} (${percent(generalizationLoss)} worse) while the training loss fell from ${formatNumber(trained.values[0])} to ${formatNumber(trained.values.at(-1))}.`,
      evidence: [
        { label: `best val_loss, in epoch ${epoch}`, value },
        { label: `val_loss of the last ${STRIP} epochs`, value: now },
        { label: 'generalization loss in %', value: generalizationLoss },
        { label: `loss in epoch ${trained.epochs.at(-1)}`, value: trained.values.at(-1) as number },
      ],
    },
  ];
}

const FEWEST_STANDING = 10;

/** No rise, but nothing learnt for others either: all that the training gains it gains by heart. */
function standing(facts: RunFacts, loss: Curve, validation: Curve): Diagnosis[] | null {
  const best = indexOfBest(validation.values);
  const trained = from(loss, best).values;
  if (trained.length <= Math.max(FEWEST_STANDING, validation.values.length / 4)) {
    return null;
  }
  const now = median(validation.values.slice(-STRIP));
  const [begun, ended] = [median(trained.slice(0, STRIP)), median(trained.slice(-STRIP))];
  if (!(ended <= begun / 2 && now >= 3 * ended)) {
    return null;
  }
  const { epoch, value } = bestOf(facts);
  return [
    {
      ...common(facts, epoch),
      severity: 'information',
      message: `The validation loss no longer falls since epoch ${epoch} (${formatNumber(value)}, now ${formatNumber(now)}), while the training loss fell from ${formatNumber(begun)} to ${formatNumber(ended)}: what is learnt since then is learnt by heart.`,
      evidence: [
        { label: `best val_loss, in epoch ${epoch}`, value },
        { label: `val_loss of the last ${STRIP} epochs`, value: now },
        { label: `loss of the last ${STRIP} epochs`, value: ended },
      ],
    },
  ];
}

function common(
  { recipe }: RunFacts,
  since: number,
): Pick<Diagnosis, 'code' | 'path' | 'sinceEpoch' | 'remedy' | 'fixes'> {
  const { earlyStopping } = recipe.train;
  return {
    code: 'overfitting',
    path: 'train.epochs',
    sinceEpoch: since,
    remedy:
      earlyStopping === undefined
        ? 'Stop at the best epoch (earlyStopping with restoreBestWeights), or hold the network back: fewer units, dropout, kernelRegularizer, more rows.'
        : 'Take the best epoch’s weights (restoreBestWeights: true), or hold the network back: fewer units, dropout, kernelRegularizer, more rows.',
    fixes: [stoppingFix(recipe.train.earlyStopping, since), setFix('train.epochs', since)],
  };
}

/** A fifth of the epochs until the best one is borne without progress, within what people use. */
function stoppingFix(earlyStopping: RunFacts['recipe']['train']['earlyStopping'], since: number): SettingFix {
  const patience = Math.min(20, Math.max(3, Math.round(since / 5)));
  return earlyStopping === undefined
    ? {
        title: `Add earlyStopping: val_loss, patience ${patience}, with the best weights`,
        changes: [{ path: 'train.earlyStopping', value: { monitor: 'val_loss', patience, restoreBestWeights: true } }],
      }
    : setFix('train.earlyStopping.restoreBestWeights', true);
}

/** Of all epochs, not of the pieces that long runs are cut into. */
function bestOf({ run }: RunFacts): { epoch: number; value: number } {
  return run.epochs.reduce(
    (best, { epoch, metrics }) =>
      typeof metrics.val_loss === 'number' && metrics.val_loss < best.value ? { epoch, value: metrics.val_loss } : best,
    { epoch: 0, value: Number.POSITIVE_INFINITY },
  );
}

const percent = (value: number) => `${Number(value.toPrecision(2))} %`;
