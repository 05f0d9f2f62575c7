/** What a comparison knows of one run: its epochs without its steps, its result without its rows. */
import type { Evaluation, Fork, Metrics } from '../run/events.ts';
import type { EpochRecord, RunState, RunStatus } from '../run/reduceRun.ts';

/** Values by epoch, the first of `firstEpoch`; gaps are null. */
export type Curves = Readonly<Record<string, readonly (number | null)[]>>;

export interface ComparedRun {
  /** Absolute path; tells runs apart. */
  readonly runFolder: string;
  readonly name: string;
  readonly status: RunStatus | 'interrupted';
  readonly recipeFile: string | null;
  /** ISO 8601. */
  readonly startedAt: string | null;
  readonly epochsDone: number;
  /** As planned; null before the run has begun. */
  readonly epochs: number | null;
  /** Time spent in epochs; null before the first has ended. */
  readonly trainingMs: number | null;
  /** `wasm on CPU (2 cores)`, or null before it was chosen. */
  readonly backend: string | null;
  readonly seed: number | null;
  /** Names without `val_`, in the order to show. */
  readonly metrics: readonly string[];
  readonly firstEpoch: number;
  readonly curves: Curves;
  readonly fork: Fork | null;
  /** The parent's metrics at the epoch where this run branched off; null where the parent is gone. */
  readonly forkPoint: Metrics | null;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  /** The recipe's text as plain values, `$name` not filled in; null where it cannot be read. */
  readonly recipe: unknown;
  readonly test: TestResult | null;
  /** What went wrong, for a run that failed. */
  readonly problem: string | null;
}

export interface TestResult extends Pick<Evaluation, 'rows' | 'metrics' | 'primary' | 'verdict' | 'unit'> {
  /** The best naive predictor by the primary metric; null where there is none. */
  readonly baseline: { readonly label: string; readonly value: number } | null;
}

/** What a folded run does not say itself. */
export interface ComparedPlace {
  readonly runFolder: string;
  readonly isInterrupted: boolean;
  readonly forkPoint: Metrics | null;
  readonly recipe: unknown;
  /** For a run that has not told its name yet. */
  readonly fallbackName: string;
}

export function toComparedRun(run: RunState, place: ComparedPlace): ComparedRun {
  const { start, backend, epochs } = run;
  return {
    runFolder: place.runFolder,
    name: start?.name ?? place.fallbackName,
    status: place.isInterrupted ? 'interrupted' : run.status,
    recipeFile: run.recipeFile,
    startedAt: run.startedAt,
    epochsDone: epochs.at(-1)?.epoch ?? start?.fork?.epoch ?? 0,
    epochs: start?.epochs ?? null,
    trainingMs: epochs.length === 0 ? null : epochs.reduce((sum, { durationMs }) => sum + durationMs, 0),
    backend: backend === null ? null : `${backend.name} on ${backend.device}`,
    seed: start?.seed ?? null,
    metrics: start?.metrics ?? [],
    ...toCurves(epochs),
    fork: start?.fork ?? null,
    forkPoint: place.forkPoint,
    params: start?.params ?? {},
    recipe: place.recipe,
    test: run.evaluation === null ? null : toTestResult(run.evaluation),
    problem: run.problems[0]?.message ?? (run.end?.status === 'failed' ? run.end.message : null),
  };
}

/** Epochs may begin late (a fork) and have gaps (a damaged line): their numbers say where they stand. */
export function toCurves(records: readonly EpochRecord[]): { firstEpoch: number; curves: Curves } {
  const firstEpoch = records.reduce((least, { epoch }) => Math.min(least, epoch), records[0]?.epoch ?? 1);
  const last = records.reduce((most, { epoch }) => Math.max(most, epoch), 0);
  const names = [...new Set(records.flatMap(({ metrics }) => Object.keys(metrics)))];
  const curves = names.map((name) => {
    const values = Array.from({ length: Math.max(0, last - firstEpoch + 1) }, (): number | null => null);
    for (const { epoch, metrics } of records) {
      values[epoch - firstEpoch] = metrics[name] ?? null;
    }
    return [name, values] as const;
  });
  return { firstEpoch, curves: Object.fromEntries(curves) };
}

function toTestResult({ rows, metrics, primary, verdict, unit, baselines, predictions }: Evaluation): TestResult {
  const found = baselines.flatMap((baseline) => {
    const value = baseline.metrics[primary.metric] ?? null;
    return value === null ? [] : [{ label: baseline.label, value }];
  });
  const sign = primary.better === 'lower' ? 1 : -1;
  const [baseline = null] = found.sort((a, b) => sign * (a.value - b.value));
  // Shares of rows have no unit, whatever the target's is.
  const hasUnit = unit !== undefined && predictions.kind === 'values';
  return { rows, metrics, primary, verdict, baseline, ...(hasUnit ? { unit } : {}) };
}

/** A run that has grown, with the epochs that are new. Those of an epoch told before replace it. */
export function addEpochs(run: ComparedRun, records: readonly EpochRecord[]): ComparedRun {
  const known = toRecords(run).filter(({ epoch }) => !records.some((record) => record.epoch === epoch));
  const all = [...known, ...records];
  return {
    ...run,
    ...toCurves(all),
    epochsDone: all.at(-1)?.epoch ?? run.epochsDone,
    trainingMs: (run.trainingMs ?? 0) + records.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
}

function toRecords({ firstEpoch, curves }: ComparedRun): EpochRecord[] {
  const names = Object.keys(curves);
  const length = names.reduce((most, name) => Math.max(most, curves[name]?.length ?? 0), 0);
  return Array.from({ length }, (_, index) => ({
    epoch: firstEpoch + index,
    metrics: Object.fromEntries(names.map((name) => [name, curves[name]?.[index] ?? null])),
    durationMs: 0,
  }));
}
