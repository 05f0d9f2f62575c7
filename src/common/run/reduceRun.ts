/** Folds the events of a run, live or old, into what every view shows. */
import type { Problem } from '../errors.ts';
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
  /** Batch loss by step over all epochs, from step 0. */
  stepLoss: (number | null)[];
  /** Other metrics by step, each as long as `stepLoss`. */
  stepMetrics: Record<string, (number | null)[]>;
  stepsPerSecond: number;
  checkpoint: { readonly epoch: number; readonly step: number; readonly folder: string } | null;
  evaluation: Evaluation | null;
  /** One per target of a recipe that forecasts. */
  forecasts: Forecast[];
  /** Looks at the layers, in the order of their steps. */
  layerSamples: LayerSample[];
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
    stepLoss: [],
    stepMetrics: {},
    stepsPerSecond: 0,
    checkpoint: null,
    evaluation: null,
    forecasts: [],
    layerSamples: [],
    notices: [],
    end: null,
    problems: [],
    startedAt: null,
    lastAt: null,
  };
}

/** Applies one event in place and gives the same state back. Unknown event types are passed over. */
export function reduceRun(run: RunState, event: RunEvent): RunState {
  run.lastAt = event.at;
  switch (event.type) {
    case 'launch':
      run.recipeFile = event.recipeFile;
      run.version = Math.max(run.version ?? 0, event.version);
      run.trainer = { pid: event.pid, host: event.host };
      run.startedAt ??= event.at;
      // A later trainer has taken the folder: what the one before it said of the end no longer holds.
      run.status = 'starting';
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

function addSteps(run: RunState, event: Extract<RunEvent, { type: 'steps' }>): void {
  // A step written twice (killed between the checkpoint and the next event) replaces the earlier one.
  startAt(run.stepLoss, event.first);
  append(run.stepLoss, event.loss);
  for (const [name, values] of Object.entries(event.metrics)) {
    // Not `??=`: a metric may be called `constructor`.
    const series = (Object.hasOwn(run.stepMetrics, name) ? run.stepMetrics[name] : undefined) ?? [];
    run.stepMetrics[name] = series;
    startAt(series, event.first);
    append(series, values);
  }
  run.stepsPerSecond = event.stepsPerSecond;
}

/** More than this is no gap, but a damaged number. */
const LONGEST_GAP = 10_000_000;

/** Steps that were not read, as those before a fork, are null. */
function startAt(series: (number | null)[], first: number): void {
  if (first <= series.length) {
    series.length = first;
  } else if (first - series.length <= LONGEST_GAP) {
    append(series, new Array<null>(first - series.length).fill(null));
  }
}

/** Not `push(...)`: a very long event would overflow the stack. */
function append(series: (number | null)[], values: readonly (number | null)[]): void {
  for (const value of values) {
    series.push(value);
  }
}

function forgetAfter(run: RunState, epoch: number, step: number): void {
  run.epochs = run.epochs.filter((record) => record.epoch <= epoch);
  run.stepLoss.length = Math.min(run.stepLoss.length, step);
  for (const series of Object.values(run.stepMetrics)) {
    series.length = Math.min(series.length, step);
  }
  run.layerSamples = run.layerSamples.filter((sample) => sample.step <= step);
  run.evaluation = null;
  run.forecasts = [];
  run.end = null;
  run.problems = [];
}
