/** What the looks at the layers tell: units that died, gradients that vanish or explode on their way back. */

import { formatNumber } from '../../format.ts';
import type { GraphNode } from '../../graph.ts';
import type { LayerSample, LayerStatistics } from '../events.ts';
import type { Diagnosis, SettingFix } from './diagnosis.ts';
import type { RunFacts } from './facts.ts';
import { clipFix, formatRate, learningRateOf, rateFix, setFix } from './learningRate.ts';
import { indexOfLeast, median, SURE_TREND, trendOf } from './statistics.ts';

const FEWEST_EPOCHS = 4;

export function diagnoseLayers(facts: RunFacts): Diagnosis[] {
  const last = facts.run.layerSamples.at(-1);
  // The first steps of a good run look wild too.
  const isEarly = facts.loss.values.length < FEWEST_EPOCHS;
  return last === undefined || isEarly
    ? []
    : [...explodingGradients(facts, last), ...vanishingGradients(facts, last), ...deadUnits(facts, last)];
}

/** At this share a layer has lost half of its width (Lu et al. 2020, "Dying ReLU and Initialization"). */
const DEAD = 0.5;
/** So much is worth a word even where the rest of the network learns. */
const MOSTLY_DEAD = 0.75;
/** In a small batch a living unit may well be silent for every row. */
const FEWEST_ROWS = 16;

function deadUnits(facts: RunFacts, last: LayerSample): Diagnosis[] {
  const { run, recipe, start } = facts;
  const isLearning = hasLearnt(facts);
  if (start.batchSize < FEWEST_ROWS) {
    return [];
  }
  const dead = last.layers.filter(({ deadShare }) => deadShare !== null && deadShare >= DEAD);
  const worst = dead.toSorted((a, b) => (b.deadShare ?? 0) - (a.deadShare ?? 0))[0];
  const node = worst === undefined ? undefined : nodeOf(start.graph.nodes, worst);
  const isFew = isLearning && (worst?.deadShare ?? 0) < MOSTLY_DEAD;
  if (worst === undefined || isFew || node?.recipePath === undefined) {
    return [];
  }
  const since = sinceOf(run.layerSamples, (sample) => (shareIn(sample, worst.layer) ?? 0) >= DEAD);
  const rate = learningRateOf(recipe);
  const others = dead.length - 1;
  return [
    {
      code: 'dead-units',
      path: node.recipePath,
      severity: isLearning ? 'information' : 'warning',
      sinceEpoch: since,
      message: `${Math.round((worst.deadShare ?? 0) * 100)} % of the units of ${node.id} give 0 for every row of a batch, since epoch ${since}${others === 0 ? '' : `; in ${others} more layer${others === 1 ? '' : 's'} half or more do`}. Dead units learn no more.`,
      evidence: [
        ...dead.map(({ layer, deadShare }) => ({ label: `dead share of ${layer}`, value: deadShare ?? 0 })).slice(0, 3),
        { label: 'learning rate', value: rate.value },
      ],
      remedy: `Use an activation that never goes flat, such as elu, or a smaller learning rate (now ${formatRate(rate.value)}).`,
      fixes: [
        ...activationFix(
          dead.flatMap((one) => nodeOf(start.graph.nodes, one) ?? []),
          ['relu', 'relu6'],
          'elu',
        ),
        rateFix(recipe, 0.1),
      ],
    },
  ];
}

/** Between first and last layer the gradient shrinks to less than this, each taken beside the layer's weights. */
const VANISHED = 1e-3;
/** What a network still learns with that little is its last layer's alone. */
const NOTHING_LEFT = 1e-6;

/** After Glorot & Bengio 2010: back-propagated gradients that shrink from layer to layer. */
function vanishingGradients(facts: RunFacts, last: LayerSample): Diagnosis[] {
  const { run, start } = facts;
  const chain = relativeGradients(last);
  const [first, end] = [chain[0], chain.at(-1)];
  if (first === undefined || end === undefined || chain.length < 3 || !(end.ratio > 0)) {
    return [];
  }
  const through = first.ratio / end.ratio;
  const node = nodeOf(start.graph.nodes, first);
  const most = hasLearnt(facts) && through >= NOTHING_LEFT ? 0 : VANISHED;
  if (through >= most || facts.isAtChance === false || node?.recipePath === undefined) {
    return [];
  }
  const since = sinceOf(run.layerSamples, (sample) => passThrough(sample) < VANISHED);
  const flat = start.graph.nodes.filter(({ activation }) => SATURATING.includes(activation ?? ''));
  const inner = flat.filter(({ id }) => id !== start.graph.nodes.at(-1)?.id);
  return [
    {
      code: 'vanishing-gradients',
      path: node.recipePath,
      severity: 'warning',
      sinceEpoch: since,
      message: `Hardly any gradient reaches ${node.id} since epoch ${since}: beside the weights it is ${formatNumber(through)} of what it is in ${end.layer}${inner.length === 0 ? '' : `, through ${inner.length} layer${inner.length === 1 ? '' : 's'} of ${[...new Set(inner.map(({ activation }) => activation))].join(' and ')}`}. Only the last layers learn.`,
      evidence: [
        { label: `gradient by weights in ${first.layer}`, value: first.ratio },
        { label: `gradient by weights in ${end.layer}`, value: end.ratio },
        { label: 'first by last', value: through },
      ],
      remedy: 'Use relu or elu in the inner layers, put batchNormalization between them, or take fewer layers.',
      fixes: [...activationFix(inner, SATURATING, 'relu'), ...activationFix(inner, SATURATING, 'elu')],
    },
  ];
}

const SATURATING: readonly string[] = ['sigmoid', 'hardSigmoid', 'tanh', 'softsign'];
/** Tells more than a blind guess, or has come down since the third epoch: in the first ones the last bias finds the mean. */
function hasLearnt({ loss, isAtChance }: RunFacts): boolean {
  const [, , third = 0] = loss.values;
  return isAtChance === false || (isAtChance === null && (loss.values.at(-1) ?? third) < LEARNT * third);
}

const LEARNT = 0.7;

const RECURRENT: readonly string[] = ['lstm', 'gru', 'simpleRnn'];
const GREW = 100;

/** After Pascanu et al. 2013: gradients far beyond the weights that they should correct, and a loss that suffers from it. */
function explodingGradients({ run, recipe, start, loss }: RunFacts, last: LayerSample): Diagnosis[] {
  const chain = relativeGradients(last);
  const worst = chain.toSorted((a, b) => b.ratio - a.ratio)[0];
  if (worst === undefined) {
    return [];
  }
  const earlier = run.layerSamples
    .slice(0, -1)
    .flatMap((sample) => relativeGradients(sample).filter(({ layer }) => layer === worst.layer));
  const usual = earlier.length === 0 ? null : median(earlier.map(({ gradient }) => gradient));
  const hasGrown = usual !== null && usual > 0 && worst.gradient >= GREW * usual;
  const isDeep = (chain[0]?.ratio ?? 0) >= GREW * (chain.at(-1)?.ratio ?? Number.POSITIVE_INFINITY);
  const isRecurrent = start.graph.nodes.some(({ type }) => RECURRENT.includes(type));
  const node = nodeOf(start.graph.nodes, worst);
  if (
    !((worst.ratio >= 1 || hasGrown) && (isDeep || isRecurrent) && suffers(loss.values)) ||
    node?.recipePath === undefined
  ) {
    return [];
  }
  const since = sinceOf(run.layerSamples, (sample) =>
    relativeGradients(sample).some(({ layer, ratio }) => layer === worst.layer && ratio >= worst.ratio / GREW),
  );
  const rate = learningRateOf(recipe);
  return [
    {
      code: 'exploding-gradients',
      path: clipFix(recipe).length > 0 ? rate.path : node.recipePath,
      severity: 'warning',
      sinceEpoch: since,
      message: `The gradients explode: in ${node.id} they are ${formatNumber(worst.ratio)} times as large as the weights${usual === null ? '' : ` (gradient norm ${formatNumber(worst.gradient)}, before ${formatNumber(usual)})`}, and the loss does not fall.`,
      evidence: [
        { label: `gradient by weights in ${worst.layer}`, value: worst.ratio },
        { label: `gradient norm of ${worst.layer}`, value: worst.gradient },
        ...(usual === null ? [] : [{ label: 'gradient norm before', value: usual }]),
      ],
      remedy: `Cut the gradients with globalClipNorm: 1, or use a smaller learning rate (now ${formatRate(rate.value)}).`,
      fixes: [...clipFix(recipe), rateFix(recipe, 0.1)],
    },
  ];
}

/** The loss is well above its best and does not come down. */
function suffers(values: readonly number[]): boolean {
  const best = indexOfLeast(values);
  const after = values.slice(best);
  return (after.at(-1) ?? 0) >= 1.5 * (after[0] ?? 0) && trendOf(after) > -SURE_TREND;
}

interface Relative {
  readonly layer: string;
  readonly gradient: number;
  /** Gradient norm by weight norm. */
  readonly ratio: number;
}

/** Of the layers with weights, in forward order; embeddings are left out, whose gradient stands on the few words of a batch. */
function relativeGradients({ layers }: LayerSample): Relative[] {
  return layers.flatMap(({ layer, gradientNorm, weightNorm }) =>
    gradientNorm === null || weightNorm === null || weightNorm === 0
      ? []
      : [{ layer, gradient: gradientNorm, ratio: gradientNorm / weightNorm }],
  );
}

function passThrough(sample: LayerSample): number {
  const chain = relativeGradients(sample);
  return (chain[0]?.ratio ?? 1) / (chain.at(-1)?.ratio ?? 1);
}

/** Epoch of the first look from which on it was always so. */
function sinceOf(samples: readonly LayerSample[], isSo: (sample: LayerSample) => boolean): number {
  const before = samples.findLastIndex((sample) => !isSo(sample));
  return samples[before + 1]?.epoch ?? 0;
}

function shareIn({ layers }: LayerSample, layer: string): number | null {
  return layers.find((one) => one.layer === layer)?.deadShare ?? null;
}

function nodeOf(nodes: readonly GraphNode[], { layer }: Pick<LayerStatistics, 'layer'>): GraphNode | undefined {
  return nodes.find(({ id }) => id === layer);
}

/** One fix that changes the activation of all of them. */
function activationFix(nodes: readonly GraphNode[], words: readonly string[], to: string): SettingFix[] {
  const changes = nodes
    .filter(({ activation, recipePath }) => words.includes(activation ?? '') && recipePath !== undefined)
    .map(({ recipePath }) => ({ path: `${recipePath}.activation`, value: to }));
  const [only] = changes;
  if (only === undefined) {
    return [];
  }
  return [
    changes.length === 1
      ? setFix(only.path, to)
      : { title: `Set activation: ${to} in ${changes.length} layers`, changes },
  ];
}
