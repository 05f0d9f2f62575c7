/** Folds the events of a run, live or old, into what every view shows. */
import type { Problem } from '../errors.ts';
import { countSteps } from './countSteps.ts';
import type {
  BackendChoice,
  Evaluation,
  Forecast,
  LayerSample,
  Metrics,
  Notice,
  RunEnd,
  RunEvent,
  RunStart,
  StateChange,
} from './events.ts';
import type { PackedSteps } from './packSteps.ts';
import { STEPS_KEPT, StepSeries } from './stepSeries.ts';

/** `starting` until `runStart`; `interrupted` is for the reader to say, who knows whether the trainer lives. */
export type RunStatus = 'starting' | 'running' | 'paused' | 'completed' | 'stopped' | 'failed';

export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  readonly metrics: Metrics;
  readonly durationMs: number;
}

/** Grows in place: the arrays may be long, and a copy per event would cost the square of the run's length. */
export interface RunState {
  status: RunStatus;
  recipeFile: string | null;
  /** Format of the file; null until a launch was read. */
  version: number | null;
  start: RunStart | null;
  backend: BackendChoice | null;
  /** The process that writes this run, to ask whether it still lives. */
  trainer: { readonly pid: number; readonly host: string } | null;
  /** Why it is paused, where nobody asked for it. */
  pausedBecause: StateChange['because'] | null;
  epochs: EpochRecord[];
  /** Batch loss by step over all epochs, from step 0; a fork has none before its first. */
  stepLoss: StepSeries;
  /** Other metrics by step, each as long as `stepLoss`. */
  stepMetrics: Record<string, StepSeries>;
  stepsPerSecond: number;
  checkpoint: { readonly epoch: number; readonly step: number; readonly folder: string } | null;
  evaluation: Evaluation | null;
  /** One per target of a recipe that forecasts. */
  forecasts: Forecast[];
  /** Looks at the layers, in the order of their steps. */
  layerSamples: LayerSample[];
  /** Whether the trainer looks at its layers because somebody asked for it, as far as its looks tell. */
  isObserved: boolean;
  notices: Notice[];
  end: RunEnd | null;
  problems: readonly Problem[];
  startedAt: string | null;
  /** Time stamp of the last event of any kind. */
  lastAt: string | null;
}

export function emptyRun(): RunState {
  return {
    status: 'starting',
    recipeFile: null,
    version: null,
    start: null,
    backend: null,
    trainer: null,
    pausedBecause: null,
    epochs: [],
    stepLoss: new StepSeries(),
    stepMetrics: {},
    stepsPerSecond: 0,
    checkpoint: null,
    evaluation: null,
    forecasts: [],
    layerSamples: [],
    isObserved: false,
    notices: [],
    end: null,
    problems: [],
    startedAt: null,
    lastAt: null,
  };
}

/** Applies one event in place and gives the same state back. Unknown event types are passed over. */
export function reduceRun(run: RunState, event: RunEvent | PackedSteps): RunState {
  run.lastAt = event.at;
  switch (event.type) {
    case 'launch':
      run.recipeFile = event.recipeFile;
      run.version = Math.max(run.version ?? 0, event.version);
      run.trainer = { pid: event.pid, host: event.host };
      run.startedAt ??= event.at;
      // A later trainer has taken the folder: what the one before it said of the end no longer holds.
      run.status = 'starting';
      run.isObserved = false;
      run.pausedBecause = null;
      run.end = null;
      run.problems = [];
      break;
    case 'runStart':
      run.start = event;
      run.backend = event.backend;
      run.status = 'running';
      break;
    case 'runResume':
      forgetAfter(run, event.epoch, event.step);
      run.backend = event.backend;
      run.status = 'running';
      break;
    case 'steps':
      addSteps(run, event);
      break;
    case 'epochEnd':
      run.epochs.push({ epoch: event.epoch, metrics: event.metrics, durationMs: event.durationMs });
      break;
    case 'checkpoint':
      run.checkpoint = { epoch: event.epoch, step: event.step, folder: event.folder };
      break;
    case 'state':
      run.status = event.state;
      run.pausedBecause = event.because ?? null;
      break;
    case 'evaluation':
      run.evaluation = event;
      break;
    case 'forecast':
      run.forecasts.push(event);
      break;
    case 'layers':
      run.layerSamples.push(event);
      run.isObserved = event.asked === true;
      break;
    case 'notice':
      run.notices.push(event);
      break;
    case 'runEnd':
      run.status = event.status;
      run.pausedBecause = null;
      run.end = event;
      run.problems = event.problems ?? [];
      break;
    default:
      break;
  }
  return run;
}

/** Values of all series of a run together: with the series' own bound some 150 MB at the most, however long and wide it is. */
const RUN_STEPS_KEPT = 1 << 25;
const LEAST_STEPS_KEPT = 1 << 15;

function addSteps(run: RunState, event: Extract<RunEvent, { type: 'steps' }> | PackedSteps): void {
  const first = firstStep(run, event.first);
  place(run.stepLoss, first, event.loss);
  for (const [name, values] of Object.entries(event.metrics)) {
    place(metricSeries(run, name), first, values);
  }
  run.stepsPerSecond = event.stepsPerSecond;
}

/** A line may be damaged or lost: steps that nobody planned cannot make the run long, and stand behind the last one. */
function firstStep({ start, stepLoss }: RunState, first: number): number {
  const planned = start === null ? 0 : countSteps(start, 0).planned;
  return first <= planned ? first : Math.min(first, stepLoss.length);
}

/** A step written twice (killed between the checkpoint and the next event) replaces the earlier one. */
function place(series: StepSeries, first: number, values: ArrayLike<number | null>): void {
  series.truncate(first);
  if (values.length > 0) {
    series.skipTo(first);
    series.append(values);
  }
}

function metricSeries(run: RunState, name: string): StepSeries {
  // Not `??=`: a metric may be called `constructor`.
  const known = Object.hasOwn(run.stepMetrics, name) ? run.stepMetrics[name] : undefined;
  if (known !== undefined) {
    return known;
  }
  const series = new StepSeries();
  run.stepMetrics[name] = series;
  const all = [run.stepLoss, ...Object.values(run.stepMetrics)];
  const share = Math.max(LEAST_STEPS_KEPT, Math.floor(RUN_STEPS_KEPT / all.length));
  for (const one of all) {
    one.limitTo(Math.min(STEPS_KEPT, share));
  }
  return series;
}

function forgetAfter(run: RunState, epoch: number, step: number): void {
  run.epochs = run.epochs.filter((record) => record.epoch <= epoch);
  for (const series of [run.stepLoss, ...Object.values(run.stepMetrics)]) {
    series.truncate(step);
  }
  run.layerSamples = run.layerSamples.filter((sample) => sample.step <= step);
  run.evaluation = null;
  run.forecasts = [];
  run.end = null;
  run.problems = [];
}
