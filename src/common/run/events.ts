/** The events of a run: one plain object per line of `events.jsonl`, the only truth about a run. */
import type { Problem } from '../errors.ts';
import type { NetworkGraph } from '../graph.ts';

/**
 * The newest format that this version reads; raised when an old reader could misread a new file. A `launch` carries the oldest
 * version whose readers understand the run: 2 for a fork, whose steps and epochs do not begin at the first; 1 for all others.
 */
export const RUN_FORMAT_VERSION = 2;

export function formatVersionOf({ isFork }: { readonly isFork: boolean }): number {
  return isFork ? 2 : 1;
}

/** Metric name (`loss`, `val_loss`, `rmse`, `val_rmse`, `accuracy`…) → value; a number that is not finite is null. */
export type Metrics = Readonly<Record<string, number | null>>;

interface Stamped {
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** One backend that was considered, and what it did. */
export interface BackendTrial {
  readonly name: string;
  /** Null where it was not timed. */
  readonly stepsPerSecond: number | null;
  /** Why it was not taken, or not timed; empty for the one chosen. */
  readonly note: string;
}

export interface BackendChoice {
  /** `wasm`, `cpu`, … */
  readonly name: string;
  /** The physical device in words, for example `CPU (AMD EPYC, 2 cores)`. */
  readonly device: string;
  /** A whole sentence: why this one. */
  readonly reason: string;
  readonly trials: readonly BackendTrial[];
  /** Whether a step was recorded and is replayed whole, or done one operation at a time; absent in runs of version 0.1. */
  readonly execution?: 'compiled' | 'eager';
  /** Of the native library behind it; absent where there is none, and in runs of version 0.1. */
  readonly version?: string;
}

/** A file that was read, told by its bytes. */
export interface FileFingerprint {
  /** As written in the recipe; of a named data set the published name. */
  readonly file: string;
  /** Of its bytes as they lie on the disk, in hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface DataSummary {
  /** File as written in the recipe. */
  readonly file: string;
  readonly trainRows: number;
  /** Rows held out of the training rows for validation; 0 without validation. */
  readonly validationRows: number;
  readonly testRows: number;
  /** Names of the inputs after one-hot, in order. */
  readonly features: readonly string[];
  readonly targets: readonly string[];
  /** Class names where the target is categorical, else absent. */
  readonly classes?: readonly string[];
  /** Unit of the target in the data, for example `thousand dollars`. */
  readonly unit?: string;
  /** What was read, taken while it was read; absent in runs of version 0.1. */
  readonly files?: readonly FileFingerprint[];
}

/** The first line of a run, and again at every resume: a trainer process has taken the folder. */
export interface Launch extends Stamped {
  readonly type: 'launch';
  /** See `RUN_FORMAT_VERSION`. */
  readonly version: number;
  /** Version of Skillet. */
  readonly skillet: string;
  /** Absolute path of the recipe file that was asked to train. */
  readonly recipeFile: string;
  readonly pid: number;
  readonly host: string;
  /** Of what the numbers can depend on besides: `node`, `platform`, TensorFlow.js's packages; absent in runs of version 0.1. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** Written once the data is read, the model built and the backend chosen: training begins. */
export interface RunStart extends Stamped {
  readonly type: 'runStart';
  readonly name: string;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly backend: BackendChoice;
  readonly seed: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  /** Names that `epochEnd` will carry, in the order to show: `loss`, then the metrics, without `val_`. */
  readonly metrics: readonly string[];
  readonly graph: NetworkGraph;
  readonly data: DataSummary;
  /** The module that built the network; absent where the recipe lists its layers. */
  readonly module?: FileFingerprint;
  /** Where this run branched off from another; absent for one that began by itself. */
  readonly fork?: Fork;
}

/** The run goes on from another run's state: its first step is `step`, its first epoch `epoch` + 1. */
export interface Fork {
  /** Name of the other run's folder, which lies beside this run's. */
  readonly run: string;
  /** Epochs and steps of the other run that this one stands on. */
  readonly epoch: number;
  readonly step: number;
}

/** An interrupted run goes on in the same folder; what came after `step` is void. */
export interface RunResume extends Stamped {
  readonly type: 'runResume';
  /** Epochs finished, and steps done over all epochs, in the checkpoint that was taken up. */
  readonly epoch: number;
  readonly step: number;
  readonly backend: BackendChoice;
  /** Of the data as it was read again; absent in runs of version 0.1. */
  readonly files?: readonly FileFingerprint[];
}

/** Consecutive steps since the last such event; at most 20 events a second. */
export interface Steps extends Stamped {
  readonly type: 'steps';
  /** Number of the first step, counted over all epochs from 0. */
  readonly first: number;
  /** Batch loss of each step, before its update. */
  readonly loss: readonly (number | null)[];
  /** Other metrics per step, each as long as `loss`. */
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
  readonly stepsPerSecond: number;
}

export interface EpochEnd extends Stamped {
  readonly type: 'epochEnd';
  /** Counted from 1: the epoch that just ended. */
  readonly epoch: number;
  readonly metrics: Metrics;
  readonly durationMs: number;
}

export interface CheckpointSaved extends Stamped {
  readonly type: 'checkpoint';
  /** Epochs finished and steps done over all epochs. */
  readonly epoch: number;
  readonly step: number;
  /** Folder under the run folder. */
  readonly folder: string;
}

export interface StateChange extends Stamped {
  readonly type: 'state';
  readonly state: 'running' | 'paused';
  readonly step: number;
  /** Why it pauses, where nobody asked for it. */
  readonly because?: 'diskFull';
}

/** A naive predictor's result on the same test rows. */
export interface Baseline {
  /** `trainingMean`, `linearRegression`, `lastValue` or `majorityClass`. */
  readonly name: string;
  /** In words, for example `the training mean alone`. */
  readonly label: string;
  readonly metrics: Metrics;
}

export interface Evaluation extends Stamped {
  readonly type: 'evaluation';
  readonly rows: number;
  /** In the data's own units. */
  readonly metrics: Metrics;
  readonly baselines: readonly Baseline[];
  /** The metric to compare by, and which direction is better. */
  readonly primary: { readonly metric: string; readonly better: 'lower' | 'higher' };
  /** Whole sentence: how the network compares with the best baseline. */
  readonly verdict: string;
  readonly unit?: string;
  readonly predictions: Predictions;
}

/** What the network said about the test rows. `row` is the number in the CSV, the first after the header being 1. */
export type Predictions =
  | {
      readonly kind: 'values';
      /** One per target column; at most 2,000 rows, evenly taken, are kept. */
      readonly targets: readonly {
        readonly name: string;
        readonly actual: readonly (number | null)[];
        readonly predicted: readonly (number | null)[];
      }[];
      readonly row: readonly number[];
    }
  | {
      readonly kind: 'classes';
      readonly classes: readonly string[];
      /** `confusion[actual][predicted]`, counts over all test rows. */
      readonly confusion: readonly (readonly number[])[];
      /** The wrong rows that the network was surest of, at most 24; absent in runs of version 0.1. */
      readonly mistakes?: readonly Mistake[];
      /** [height, width, channels] of their `pixels`. */
      readonly image?: readonly number[];
      /** Names of their `values`. */
      readonly inputs?: readonly string[];
    };

/** A test row whose class was not found. */
export interface Mistake {
  /** Number in its file, the first being 1. */
  readonly row: number;
  /** Numbers of the classes. */
  readonly actual: number;
  readonly predicted: number;
  /** How sure the network was of `predicted`, 0 to 1. */
  readonly probability: number;
  /** Where the inputs are images: row-major, 0 to 1, two digits. */
  readonly pixels?: readonly number[];
  /** Where the inputs are few numbers: as they stand in the file. */
  readonly values?: readonly number[];
}

/**
 * A series beside what the network says about it, in the data's unit: one for each target of a recipe that forecasts.
 * All lists have one entry per time step of the series and, behind it, of the time to come; null where nothing is said.
 */
export interface Forecast extends Stamped {
  readonly type: 'forecast';
  readonly target: string;
  readonly unit?: string;
  /** Names of the time steps: the time column's text, or the number of the row. */
  readonly steps: readonly string[];
  readonly actual: readonly (number | null)[];
  /** On the training and validation steps, each from the actual values before it. */
  readonly fitted: readonly (number | null)[];
  /** On the test steps, each from the actual values before it. */
  readonly predicted: readonly (number | null)[];
  /** From the first test step on, and past the end of the series: each from the predictions before it. */
  readonly continued: readonly (number | null)[];
  /** Places in `steps` where validation (where there is one) and test begin. */
  readonly validationFrom: number | null;
  readonly testFrom: number;
  /** Whole sentences that a reader of the numbers must know, for example that the scaler saw the test rows. */
  readonly remarks: readonly string[];
}

export interface DeviceSample extends Stamped {
  readonly type: 'device';
  /** Share of the device in use, 0 to 1. */
  readonly utilisation: number | null;
  readonly memoryBytes: number | null;
  readonly temperatureCelsius: number | null;
}

/** What one layer did on a batch. Null where it does not apply or is not finite. */
export interface LayerStatistics {
  /** The `id` of its node in the graph. */
  readonly layer: string;
  /** L2 norm over all trainable weights of the layer: of their gradients, and of themselves. */
  readonly gradientNorm: number | null;
  readonly weightNorm: number | null;
  /** Over all outputs of the batch. */
  readonly activation: {
    readonly min: number | null;
    readonly max: number | null;
    readonly mean: number | null;
    readonly standardDeviation: number | null;
  } | null;
  /** Share of the output units that gave 0 for every sample of the batch, 0 to 1; null for activations that cannot. */
  readonly deadShare: number | null;
  /** Share of the time of a pass forward over all layers, 0 to 1. */
  readonly timeShare: number | null;
}

/** A look at every layer: after epochs 1, 2, 4, 8 …, and at the end of each epoch while somebody asks for it. */
export interface LayerSample extends Stamped {
  readonly type: 'layers';
  /** Epochs finished and steps done over all epochs. */
  readonly epoch: number;
  readonly step: number;
  /** While somebody asks for looks; absent where the trainer took it by itself. */
  readonly asked?: boolean;
  readonly layers: readonly LayerStatistics[];
}

export interface Log extends Stamped {
  readonly type: 'log';
  readonly message: string;
}

/** Something a person should know. */
export interface Notice extends Stamped {
  readonly type: 'notice';
  readonly level: 'info' | 'warning';
  readonly message: string;
  readonly remedy: string;
  /** The recipe field it is about, when there is one. */
  readonly path?: string;
}

export interface RunEnd extends Stamped {
  readonly type: 'runEnd';
  readonly status: 'completed' | 'stopped' | 'failed';
  /** One sentence: finished after 100 epochs, early stopping at epoch 31, stopped by you, … */
  readonly message: string;
  /** What went wrong, for `failed`; one or several. */
  readonly problems?: readonly Problem[];
  /** Best epoch by the monitored metric, when there is one. */
  readonly bestEpoch?: number;
}

export type RunEvent =
  | Launch
  | RunStart
  | RunResume
  | Steps
  | EpochEnd
  | CheckpointSaved
  | StateChange
  | Evaluation
  | Forecast
  | DeviceSample
  | LayerSample
  | Log
  | Notice
  | RunEnd;

/**
 * One line of `control.jsonl`, obeyed by the trainer between two steps. `step` means: do one step, then pause again;
 * `observe` and `unobserve`: look at the layers after every epoch, or do so no longer.
 */
export interface ControlCommand {
  readonly type: 'stop' | 'pause' | 'resume' | 'step' | 'observe' | 'unobserve';
  readonly at: string;
}
