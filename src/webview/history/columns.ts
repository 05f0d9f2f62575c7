/** The columns of the run history, and what stands in them. */
import { formatDuration, formatNumber } from '../../common/format.ts';
import { isRunField, paramField, paramOf, RUN_FIELDS, runFieldValue } from '../../common/run/runFields.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';

export interface Column {
  /** A field of a run, see runFields.ts. */
  readonly id: string;
  readonly label: string;
  /** In pixels. */
  readonly width: number;
  readonly isNumber: boolean;
}

const FIRST: readonly Column[] = [
  { id: 'name', label: 'name', width: 230, isNumber: false },
  { id: 'status', label: 'status', width: 110, isNumber: false },
  { id: 'result', label: 'result', width: 130, isNumber: true },
  { id: 'started', label: 'started', width: 145, isNumber: false },
];
const LAST: readonly Column[] = [
  { id: 'epochs', label: 'epochs', width: 90, isNumber: true },
  { id: 'duration', label: 'duration', width: 90, isNumber: true },
  { id: 'tags', label: 'tags', width: 150, isNumber: false },
  { id: 'note', label: 'note', width: 240, isNumber: false },
  { id: 'recipe', label: 'recipe', width: 150, isNumber: false },
  { id: 'backend', label: 'backend', width: 100, isNumber: false },
  { id: 'seed', label: 'seed', width: 70, isNumber: true },
  { id: 'baseline', label: 'best baseline', width: 110, isNumber: true },
  { id: 'folder', label: 'run folder', width: 280, isNumber: false },
];
/** Shown only where they are asked for. */
export const HIDDEN_AT_FIRST: readonly string[] = ['baseline', 'folder'];
/** Cells that can be written in. */
export const EDITABLE: readonly string[] = ['tags', 'note'];

/** As they stand where nothing was chosen. */
export function columnsOf(params: readonly string[], runs: Iterable<RunSummary>): Column[] {
  const words = new Set<string>();
  for (const run of runs) {
    for (const name in run.params) {
      if (typeof run.params[name] === 'string') {
        words.add(name);
      }
    }
  }
  const ofParams = params.map((name) => ({
    id: paramField(name),
    label: name,
    width: Math.min(220, Math.max(90, 34 + 8 * name.length)),
    isNumber: !words.has(name),
  }));
  return [...FIRST, ...ofParams, ...LAST];
}

export function cellText(run: RunSummary, column: string): string {
  switch (column) {
    case 'started':
      return run.startedAt === null ? '' : localTime(run.startedAt);
    case 'duration': {
      const ms = RUN_FIELDS.duration.valueOf(run);
      return ms === null ? '' : formatDuration(ms);
    }
    case 'epochs':
      return run.epochs === null ? '' : `${run.epochsDone}/${run.epochs}`;
    case 'result':
      return run.result === null ? '' : `${run.result.metric} ${formatNumber(run.result.value)}`;
    case 'baseline':
      return run.result === null ? '' : formatNumber(run.result.baseline);
    default:
      return plainText(run, column);
  }
}

function plainText(run: RunSummary, column: string): string {
  const value = isRunField(column) || paramOf(column) !== null ? runFieldValue(run, column, 0) : null;
  // A parameter is shown as it was written.
  return value === null ? '' : String(value);
}

/** `2026-11-24 13:05`: sorts as it reads. */
function localTime(iso: string): string {
  const time = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
