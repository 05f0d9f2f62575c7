/** The axes of a study's pictures: one for each parameter in the scale of its search, and one for the objective. */

import { shortTick } from '../../common/chart/ticks.ts';
import type { ParamValue } from '../../common/recipe/params.ts';
import type { StudyState, TrialState } from '../../common/study/reduceStudy.ts';
import { type NumberScale, numberScale, positionOf, rangePosition, valueAt } from '../../common/study/scalePosition.ts';
import type { SearchRange, SearchScale } from '../../common/study/studyEvents.ts';

export interface Tick {
  /** From 0 at the lower end to 1 at the upper. */
  readonly position: number;
  readonly text: string;
}

export interface Axis {
  readonly name: string;
  readonly isObjective: boolean;
  /** How the axis is spread, in a word; empty where it is even. */
  readonly scaleWord: string;
  readonly ticks: readonly Tick[];
  /** How far one press of a key goes: one word, or a twentieth. */
  readonly step: number;
  /** Null where the trial has no place on it. */
  place(trial: TrialState): number | null;
  /** The value at a place, as a person reads it. */
  textAt(position: number): string;
}

const SCALE_WORDS: Readonly<Record<SearchScale, string>> = { linear: '', log: 'log', reverseLog: 'reverse log' };

export function axesOf(study: StudyState): Axis[] {
  const { start } = study;
  return start === null
    ? []
    : [
        ...Object.entries(start.space).map(([name, range]) => paramAxis(name, range)),
        objectiveAxis(start.objective.metric, study.trials),
      ];
}

export function paramAxis(name: string, range: SearchRange): Axis {
  const scale = numberScale(range);
  const common = {
    name,
    isObjective: false,
    place: ({ params }: TrialState) => {
      const value = params[name];
      return value === undefined ? null : rangePosition(value, range);
    },
  };
  if (range.type === 'categorical') {
    const count = range.values.length;
    return {
      ...common,
      scaleWord: '',
      step: 1 / count,
      ticks: range.values.map((value, index) => ({ position: (index + 0.5) / count, text: String(value) })),
      textAt: (position) => String(range.values[Math.min(count - 1, Math.max(0, Math.floor(position * count)))]),
    };
  }
  const numbers = scale ?? { min: 0, max: 1, scale: 'linear' as const };
  const isWhole = range.type === 'int';
  return {
    ...common,
    scaleWord: SCALE_WORDS[numbers.scale],
    step: 0.05,
    ticks: range.type === 'discrete' ? listedTicks(range.values, numbers) : numberTicks(numbers, isWhole),
    textAt: (position) => numberText(valueAt(position, numbers), isWhole),
  };
}

/** Beyond this ratio of the largest to the smallest value, an even axis would press all but the worst together. */
const LOG_FROM = 50;

export function objectiveAxis(metric: string, trials: readonly TrialState[]): Axis {
  const scale = objectiveScale(trials.flatMap(({ value }) => value ?? []));
  return {
    name: metric,
    isObjective: true,
    scaleWord: SCALE_WORDS[scale.scale],
    step: 0.05,
    ticks: numberTicks(scale, false),
    place: ({ value }) => (value === null ? null : positionOf(value, scale)),
    textAt: (position) => numberText(valueAt(position, scale), false),
  };
}

export function objectiveScale(values: readonly number[]): NumberScale {
  if (values.length === 0) {
    return { min: 0, max: 1, scale: 'linear' };
  }
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  return { min, max, scale: min > 0 && max / min > LOG_FROM ? 'log' : 'linear' };
}

/** Three significant digits, or the whole number. */
function numberText(value: number, isWhole: boolean): string {
  return shortTick(isWhole ? Math.round(value) : Number(value.toPrecision(3)));
}

/** Both ends, and round numbers between them that do not come too near to another. */
function numberTicks(scale: NumberScale, isWhole: boolean): Tick[] {
  const inner = scale.scale === 'log' ? powersOfTen(scale) : evenly(scale, isWhole);
  const tick = (value: number): Tick => ({
    position: tidyPlace(positionOf(value, scale)),
    text: numberText(value, isWhole),
  });
  const ends = scale.min === scale.max ? [tick(scale.min)] : [tick(scale.min), tick(scale.max)];
  return apart([...ends, ...inner.map(tick)]);
}

/** An end must not fall off its axis by an error of rounding. */
const tidyPlace = (place: number) => Math.round(place * 1e9) / 1e9;

const LEAST_GAP = 0.09;

function apart(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    if (
      tick.position >= 0 &&
      tick.position <= 1 &&
      kept.every(({ position }) => Math.abs(position - tick.position) >= LEAST_GAP)
    ) {
      kept.push(tick);
    }
  }
  return kept.sort((a, b) => a.position - b.position);
}

function listedTicks(values: readonly number[], scale: NumberScale): Tick[] {
  const [first, ...rest] = values.map((value) => ({
    position: positionOf(value, scale),
    text: numberText(value, false),
  }));
  const last = rest.pop();
  return apart([first, last, ...rest].filter((tick) => tick !== undefined));
}

function powersOfTen({ min, max }: NumberScale): number[] {
  const [low, high] = [Math.ceil(Math.log10(min)), Math.floor(Math.log10(max))];
  const powers = Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => 10 ** (low + index));
  const between = high - low < 2 ? [low - 1, ...powers.map((power) => Math.round(Math.log10(power)))] : [];
  return [...powers, ...between.flatMap((power) => [2, 5, 3].map((digit) => digit * 10 ** power))];
}

/** Even steps of the axis, rounded to what a person would write. */
function evenly(scale: NumberScale, isWhole: boolean): number[] {
  if (scale.scale === 'linear') {
    const step = roundStep((scale.max - scale.min) / 5, isWhole);
    const first = Math.ceil(scale.min / step);
    return Array.from({ length: 12 }, (_, index) => Number(((first + index) * step).toPrecision(12))).filter(
      (value) => value < scale.max,
    );
  }
  return [0.25, 0.5, 0.75].map((position) => Number(valueAt(position, scale).toPrecision(2)));
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundStep(least: number, isWhole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least || 1));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((one) => one >= least) ?? power;
  return isWhole ? Math.max(1, step) : step;
}

/** A parameter's value as the table shows it. */
export function paramText(value: ParamValue | undefined): string {
  return value === undefined ? '' : typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);
}

export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
