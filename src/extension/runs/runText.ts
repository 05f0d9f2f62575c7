/** How a run reads in the trees, the status bar and messages. */
import { formatAge, formatNumber } from '../../common/format.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';

export const STATUS_ICON: Readonly<Record<RunSummary['status'], string>> = {
  starting: 'loading~spin',
  running: 'sync~spin',
  paused: 'debug-pause',
  completed: 'pass',
  stopped: 'debug-stop',
  failed: 'error',
  interrupted: 'debug-disconnect',
};

export function resultText(run: RunSummary): string {
  return run.result === null ? '' : `${run.result.metric} ${formatNumber(run.result.value)}`;
}

/** `12 s ago`, or nothing where the time is not known. */
export function ageText(iso: string | null, now: number): string {
  return iso === null ? '' : formatAge(now - Date.parse(iso));
}

/** One line for the tree: progress while it trains, then the result and its age. */
export function describeRun(run: RunSummary, now: number): string {
  return [outcomeText(run), ageText(run.startedAt, now)].filter((part) => part !== '').join(' · ');
}

/** The same without its age, for what stays as it was drawn. */
export function outcomeText(run: RunSummary): string {
  const paused = run.pausedBecause === 'diskFull' ? 'paused, the disk is full: ' : 'paused ';
  const progress =
    run.epochs === null ? run.status : `${run.status === 'paused' ? paused : ''}${run.epochsDone}/${run.epochs}`;
  const what: Record<RunSummary['status'], string> = {
    starting: 'starting',
    running: progress,
    paused: progress,
    completed: resultText(run),
    stopped: `stopped ${run.epochsDone}/${run.epochs ?? '?'}`,
    failed: 'failed',
    interrupted: `interrupted ${run.epochsDone}/${run.epochs ?? '?'}`,
  };
  const newer = run.newerFormat === undefined ? '' : 'made by a newer Skillet';
  const fork = run.fork === undefined ? '' : `from epoch ${run.fork.epoch}`;
  return [what[run.status], fork, newer].filter((part) => part !== '').join(' · ');
}

/** `Boston housing 63/100 · rmse 2.31` */
export function liveText(run: RunState, name: string): string {
  const last = run.epochs.at(-1);
  const metric = run.start?.metrics.at(-1) ?? 'loss';
  const value = last?.metrics[metric] ?? null;
  const progress = run.start === null ? 'starting' : `${last?.epoch ?? run.start.fork?.epoch ?? 0}/${run.start.epochs}`;
  return `${name} ${progress}${value === null ? '' : ` · ${metric} ${formatNumber(value)}`}`;
}
