/** Whether the loss stands still, or was still on its way down when the last epoch ended. */
import { formatNumber } from '../../format.ts';
import { from } from './curve.ts';
import type { Diagnosis, SettingFix } from './diagnosis.ts';
import { isFalling, type RunFacts } from './facts.ts';
import { formatRate, learningRateOf, rateFix, setFix } from './learningRate.ts';
import { median, quantile, SURE_TREND, trendOf } from './statistics.ts';

const FEWEST_STANDING = 10;
const GAINING = 0.9;
/** What goes up and down by more than this share does not stand. */
const STILL = 0.5;

/** No trend over half the run, and at least ten epochs; from then on nothing was gained. */
export function diagnosePlateau(facts: RunFacts): Diagnosis[] {
  const { loss, epoch, start, isAtChance } = facts;
  const half = Math.floor(loss.values.length / 2);
  const late = from(loss, half);
  if (late.values.length < FEWEST_STANDING || trendOf(late.values) <= -SURE_TREND) {
    return [];
  }
  const level = median(late.values);
  if (quantile(late.values, 0.9) - quantile(late.values, 0.1) > STILL * level) {
    return [];
  }
  const since = standsSince(facts, level);
  const rate = learningRateOf(facts.recipe);
  const evidence = [
    { label: `median loss since epoch ${since}`, value: level },
    { label: 'epochs without a gain', value: epoch - since },
    ...(facts.chanceLoss === null ? [] : [{ label: 'loss of a blind guess', value: facts.chanceLoss }]),
    { label: 'learning rate', value: rate.value },
  ];
  const told = `The training loss stands at ${formatNumber(level)} since epoch ${since}`;
  if (isAtChance === true) {
    return [
      {
        code: 'plateau',
        path: rate.path,
        severity: 'warning',
        sinceEpoch: since,
        message: `${told}: no better than saying the same for every row. The network has learnt nothing from its inputs.`,
        evidence,
        remedy: `${isUnscaled(facts) ? 'Scale the inputs (data.scale: standard); then try' : 'Try'} a smaller and a larger learning rate (now ${formatRate(rate.value)}), another activation, or fewer layers.`,
        fixes: [...(isUnscaled(facts) ? [scaleFix] : []), rateFix(facts.recipe, 0.1), rateFix(facts.recipe, 10)],
      },
    ];
  }
  // A curve that has come to rest at its end is what one hopes for; only wasted time is worth a word.
  return since > epoch / 4 || epoch < start.epochs / 2 || isStillGaining(facts, since)
    ? []
    : [
        {
          code: 'plateau',
          path: 'train.epochs',
          severity: 'information',
          sinceEpoch: since,
          message: `${told}: the ${epoch - since} epochs after it have brought nothing.`,
          evidence,
          remedy: `Fewer epochs do as well; to get lower, try another learning rate (now ${formatRate(rate.value)}), one that decays, or a larger network.`,
          fixes: [setFix('train.epochs', Math.max(1, since)), rateFix(facts.recipe, 0.1)],
        },
      ];
}

/** Dropout and other noise can hide in the training loss what the validation loss shows. */
function isStillGaining({ validation }: RunFacts, since: number): boolean {
  if (validation === null) {
    return false;
  }
  const late = from(
    validation,
    Math.max(
      0,
      validation.epochs.findIndex((epoch) => epoch >= since),
    ),
  );
  const third = Math.ceil(late.values.length / 3);
  const [begun, ended] = [median(late.values.slice(0, third)), median(late.values.slice(-third))];
  return isFalling(late) && ended < GAINING * begun;
}

/** The first epoch that is no further from the level than the late ones are. */
function standsSince({ loss }: RunFacts, level: number): number {
  const late = loss.values.slice(Math.floor(loss.values.length / 2));
  const most = Math.max(...late.map((value) => Math.abs(value - level)));
  const index = loss.values.findIndex((value) => Math.abs(value - level) <= most);
  return loss.epochs[index] ?? 0;
}

const isUnscaled = ({ recipe: { data } }: RunFacts) => data.scale === 'none' && data.text === undefined;
const scaleFix: SettingFix = { title: 'Set scale: standard', changes: [{ path: 'data.scale', value: 'standard' }] };

/** Fewer than this many epochs have no last quarter that a trend could be seen in. */
const FEWEST_EPOCHS = 4;
const STILL_FALLING = 0.05;
const OF_WHAT_IS_LEFT = 0.25;
/** A tenth of all in the last quarter: the end is far away. */
const FAR = 0.1;

/** The last quarter of the epochs still brought a good part of all that was gained. */
export function diagnoseUnfinished(facts: RunFacts): Diagnosis[] {
  const curve = facts.validation ?? facts.loss;
  const { values } = curve;
  if (!facts.isComplete || values.length < FEWEST_EPOCHS) {
    return [];
  }
  // A trend can be told from five values on; a short run has no quarter that is as long.
  const late = from(curve, Math.min(Math.floor(values.length * 0.75) - 1, values.length - 5));
  const before = values[Math.max(0, Math.floor(values.length * 0.75) - 1)] as number;
  const first = facts.start.fork === undefined ? (values[0] as number) : Number.NaN;
  const last = values.at(-1) as number;
  const share = (before - last) / (first - last);
  const ofRest = (before - last) / last;
  // The loss of classes begins at that of a blind guess and ends at 0; that of values can begin anywhere. Where nothing
  // is held out, a loss that falls may only be learning by heart.
  const leastOfRest = facts.validation === null ? 1 : OF_WHAT_IS_LEFT;
  const isMuch = share >= STILL_FALLING || (facts.chanceLoss === null && ofRest >= leastOfRest);
  if (!(before > last && isMuch && isFalling(late))) {
    return [];
  }
  const { epochs } = facts.recipe.train;
  return [
    {
      code: 'unfinished',
      path: 'train.epochs',
      severity: share >= FAR ? 'warning' : 'information',
      sinceEpoch: null,
      message: `The ${curve.name === 'loss' ? 'training' : 'validation'} loss was still falling when epoch ${facts.epoch} ended: from ${formatNumber(before)} to ${formatNumber(last)} over the last quarter of the epochs.`,
      evidence: [
        { label: `${curve.name} three quarters through`, value: before },
        { label: `${curve.name} at the end`, value: last },
        ...(Number.isFinite(share) ? [{ label: 'share of the whole fall', value: share }] : []),
      ],
      remedy: `Use more epochs, or a higher learning rate (now ${formatRate(learningRateOf(facts.recipe).value)}).`,
      fixes: [setFix('train.epochs', 2 * epochs), rateFix(facts.recipe, 3)],
    },
  ];
}
