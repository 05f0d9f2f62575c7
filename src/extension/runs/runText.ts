/** How a run reads in the trees, the status bar and messages. */
import type { RunState } from '../../common/run/reduceRun.ts';
import type { RunSummary } from '../../node/listRuns.ts';

export const STATUS_ICON: Readonly<Record<RunSummary['status'], string>> = {
  starting: 'loading~spin',
  running: 'sync~spin',
  paused: 'debug-pause',
  completed: 'pass',
  stopped: 'debug-stop',
  failed: 'error',
  interrupted: 'debug-disconnect',
};

/** Three or four digits that tell: `3.51`, `0.0231`, `12,340`. */
export function shortNumber(value: number | null): string {
  if (value === null) {
    return '—';
  }
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

export function resultText(run: RunSummary): string {
  return run.result === null ? '' : `${run.result.metric} ${shortNumber(run.result.value)}`;
}

/** `12 s ago`, in one unit. */
export function ageText(iso: string | null, now: number): string {
  if (iso === null) {
    return '';
  }
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

/** One line for the tree: progress while it trains, then the result and its age. */
export function describeRun(run: RunSummary, now: number): string {
  const progress =
    run.epochs === null ? run.status : `${run.status === 'paused' ? 'paused ' : ''}${run.epochsDone}/${run.epochs}`;
  const what: Record<RunSummary['status'], string> = {
    starting: 'starting',
    running: progress,
    paused: progress,
    completed: resultText(run),
    stopped: `stopped ${run.epochsDone}/${run.epochs ?? '?'}`,
    failed: 'failed',
    interrupted: `interrupted ${run.epochsDone}/${run.epochs ?? '?'}`,
  };
  return [what[run.status], ageText(run.startedAt, now)].filter((part) => part !== '').join(' · ');
}

/** `Boston housing 63/100 · rmse 2.31` */
export function liveText(run: RunState, name: string): string {
  const last = run.epochs.at(-1);
  const metric = run.start?.metrics.at(-1) ?? 'loss';
  const value = last?.metrics[metric] ?? null;
  const progress = run.start === null ? 'starting' : `${last?.epoch ?? 0}/${run.start.epochs}`;
  return `${name} ${progress}${value === null ? '' : ` · ${metric} ${shortNumber(value)}`}`;
}
