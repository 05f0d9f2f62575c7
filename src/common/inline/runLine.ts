/** What stands behind a line of a run: its curves, and their last values in words. */
import { formatNumber } from '../format.ts';
import { isMeasured, isTraining, type ShownRun, valuesOf } from './shownRun.ts';
import type { CurveSpark, Spark } from './sparkline.ts';

export interface LineContent {
  readonly sparks: readonly Spark[];
  readonly text: string;
}

/** As wide as nearly all that `formatNumber` writes, so that what follows a figure stays where it is. */
const FIGURE_WIDTH = 6;
/** More pictures than this on a line tell nobody anything. */
const MOST_SPARKS = 4;

/**
 * Behind `train` and behind metrics; where both stand on one line, both.
 *
 * @returns Null where the run says nothing about the line.
 */
export function runLine(
  run: ShownRun,
  { hasTrain, metrics }: { readonly hasTrain: boolean; readonly metrics: readonly string[] },
): LineContent | null {
  const measured = [...(hasTrain ? ['loss'] : []), ...metrics.filter((name) => name !== 'loss' || !hasTrain)].filter(
    (name) => isMeasured(run, name),
  );
  const state = hasTrain ? stateText(run) : '';
  if (measured.length === 0) {
    return state === '' ? null : { sparks: [], text: state };
  }
  const shown = measured.slice(0, MOST_SPARKS);
  const isNamed = hasTrain || measured.length > 1;
  const texts = shown.map((name) => measureText(run, name, isNamed));
  const more = measured.length > shown.length ? [`+${measured.length - shown.length}`] : [];
  return {
    sparks: shown.map((name) => curvesOf(run, name)),
    text: [...texts, ...more, ...(state === '' ? [] : [state])].join(' · '),
  };
}

function curvesOf(run: ShownRun, metric: string): CurveSpark {
  return {
    kind: 'curves',
    train: valuesOf(run.epochs, metric),
    validation: valuesOf(run.epochs, `val_${metric}`),
    room: roomOf(run),
  };
}

/**
 * Epochs that the width stands for: as the run grows, half of the plan, a quarter, an eighth, so that a curve fills at
 * least half of its width and is laid out anew only when it has doubled.
 */
export function roomOf({ start, epochs, status }: ShownRun): number {
  const done = epochs.length;
  if (start === null || !isTraining({ status })) {
    return done;
  }
  let room = start.epochs - (start.fork?.epoch ?? 0);
  while (room / 2 >= Math.max(2, done)) {
    room /= 2;
  }
  return Math.max(room, done);
}

/** `rmse 2.306 · val 3.204 · test 3.510` */
function measureText(run: ShownRun, metric: string, isNamed: boolean): string {
  const last = run.epochs.at(-1)?.metrics;
  const figure = (value: number | null | undefined) =>
    run.status === 'running' ? formatNumber(value).padEnd(FIGURE_WIDTH) : formatNumber(value);
  const validation = `val_${metric}`;
  const test = metric === 'loss' ? null : (run.evaluation?.metrics[metric] ?? null);
  return [
    `${isNamed ? `${metric} ` : ''}${figure(last?.[metric])}`,
    ...(isMeasured(run, validation) ? [`val ${figure(last?.[validation])}`] : []),
    ...(test === null ? [] : [`test ${formatNumber(test)}`]),
  ].join(' · ');
}

/** How far it is, or why it ended early; nothing for a run that is complete. */
function stateText({ status, start, epochs }: ShownRun): string {
  const total = start?.epochs ?? null;
  const done = epochs.at(-1)?.epoch ?? start?.fork?.epoch ?? 0;
  const progress = `${done}/${total}`;
  switch (status) {
    case 'starting':
      return 'starting…';
    case 'running':
      return `epoch ${progress}`;
    case 'paused':
      return `paused at ${progress}`;
    case 'completed':
      return '';
    case 'failed':
      return total === null ? 'failed before the first epoch' : `failed after ${progress}`;
    default:
      return total === null ? `${status} before the first epoch` : `${status} at ${progress}`;
  }
}
