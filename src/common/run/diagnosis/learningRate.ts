/** Where a recipe says its learning rate, and the changes of it that rules propose. */
import type { Recipe } from '../../recipe/schema.ts';
import type { SettingFix } from './diagnosis.ts';

export interface LearningRate {
  readonly path: string;
  /** Of the first update, or of the climb's end. */
  readonly value: number;
  readonly isSchedule: boolean;
}

export function learningRateOf({ train: { optimizer } }: Recipe): LearningRate {
  const path = `train.optimizer.${optimizer.type}.learningRate`;
  const rate = optimizer.learningRate;
  if (typeof rate === 'number') {
    return { path, value: rate, isSchedule: false };
  }
  if (rate.type === 'piecewiseConstantDecay') {
    return { path: `${path}.${rate.type}.values[0]`, value: rate.values[0] ?? 0, isSchedule: true };
  }
  const isWarm = rate.type === 'cosineDecay' && rate.warmupTarget !== undefined;
  const key = isWarm ? 'warmupTarget' : 'initialLearningRate';
  const value = isWarm ? (rate.warmupTarget ?? 0) : rate.initialLearningRate;
  return { path: `${path}.${rate.type}.${key}`, value, isSchedule: true };
}

/** `Set learningRate: 0.001` for a rate of 0.01 and a factor of 0.1. */
export function rateFix(recipe: Recipe, factor: number): SettingFix {
  const { path, value } = learningRateOf(recipe);
  return setFix(path, Number((value * factor).toPrecision(2)));
}

export function setFix(path: string, value: string | number | boolean): SettingFix {
  const key = path
    .split('.')
    .at(-1)
    ?.replace(/\[\d+\]$/, '');
  return { title: `Set ${key}: ${value}`, changes: [{ path, value }] };
}

/** Scales all gradients together to length 1 at most; none where the optimizer cuts already, for it takes one way only. */
export function clipFix({ train: { optimizer } }: Recipe): SettingFix[] {
  const { clipNorm, clipValue, globalClipNorm, type } = optimizer;
  return (clipNorm ?? clipValue ?? globalClipNorm) === undefined
    ? [setFix(`train.optimizer.${type}.globalClipNorm`, 1)]
    : [];
}

/** As a person would write it: `0.05`, not `0.05000`. */
export function formatRate(rate: number): string {
  return String(Number(rate.toPrecision(4)));
}
