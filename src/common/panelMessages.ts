/** Everything the panel can say to the extension and hear from it: the whole boundary in one file. */
import type { Problem } from './errors.ts';
import type { NetworkGraph } from './graph.ts';
import type { FileDone, ModelView, Prediction } from './model/predictMessages.ts';
import type { Diagnosis } from './run/diagnosis/diagnosis.ts';
import type { RunEvent } from './run/events.ts';
import type { PackedSteps } from './run/packSteps.ts';

/** A named hyperparameter of the recipe and its value in the file. */
export interface PanelParam {
  readonly name: string;
  readonly value: number | string | boolean;
}

/** What the panel shows before any run, and beside it. */
export interface PanelRecipe {
  readonly name: string;
  /** Absolute path, for titles and tooltips. */
  readonly file: string;
  readonly params: readonly PanelParam[];
  /** The network as far as the recipe alone tells; the run's own graph replaces it. */
  readonly graph: NetworkGraph | null;
  readonly problems: readonly Problem[];
}

/** An earlier run of the same recipe, drawn in grey behind the live one. */
export interface PastRun {
  readonly runFolder: string;
  readonly label: string;
  readonly params: readonly PanelParam[];
  /** The epoch that the curves begin with: 1, but for a run that goes on from another's state. */
  readonly firstEpoch: number;
  /** Metric name → values per epoch; NaN for null. */
  readonly curves: Readonly<Record<string, Float32Array>>;
}

/** Earlier runs that are shown until a person chooses otherwise, and at the most. */
export const PAST_RUNS_SHOWN = 10;
export const MOST_PAST_RUNS = 50;

/** A CSV file that is being predicted, or was. */
export type PredictedFile =
  | { readonly phase: 'reading'; readonly name: string; readonly rows: number }
  | ({ readonly phase: 'done'; readonly file: string } & FileDone)
  | { readonly phase: 'refused'; readonly problem: Problem };

export type ToPanel =
  | { readonly type: 'recipe'; readonly recipe: PanelRecipe; readonly pastRuns: readonly PastRun[] }
  /** A run is shown from its beginning: forget all events before this. Null: no run yet. */
  | { readonly type: 'run'; readonly runFolder: string | null; readonly params: readonly PanelParam[] }
  /** At most 20 a second; the whole past comes first, in one or several of these. The page says each `taken`. */
  | { readonly type: 'events'; readonly events: readonly (RunEvent | PackedSteps)[] }
  /** Whether the trainer process lives: without it and without a `runEnd` the run is interrupted. */
  | { readonly type: 'alive'; readonly alive: boolean }
  /** What is said of the shown run, at most once a second. */
  | { readonly type: 'diagnoses'; readonly diagnoses: readonly Diagnosis[] }
  /** Training could not be started at all. */
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }
  /** The saved network can be asked; on a page without a recipe it is all that is shown. */
  | { readonly type: 'model'; readonly model: ModelView }
  /** The saved network cannot be asked. */
  | { readonly type: 'noModel'; readonly problem: Problem }
  /** What the network says of the row that was typed last. */
  | { readonly type: 'prediction'; readonly prediction: Prediction }
  | { readonly type: 'noPrediction'; readonly problem: Problem }
  | { readonly type: 'predictedFile'; readonly state: PredictedFile }
  /** Watch the run's layers, or no longer: whichever it is not. */
  | { readonly type: 'toggleWatch' }
  /** The editor's cursor stands in this layer; null: in none. */
  | { readonly type: 'selectLayer'; readonly layer: string | null };

export type FromPanel =
  | { readonly type: 'ready' }
  /** So many `events` messages have been drawn since the last of these: more may come. */
  | { readonly type: 'taken'; readonly count: number }
  /** Show so many earlier runs. */
  | { readonly type: 'pastRuns'; readonly count: number }
  | { readonly type: 'control'; readonly command: 'stop' | 'pause' | 'resume' | 'step' | 'observe' | 'unobserve' }
  /** Start a new run with these values instead of the file's. */
  | { readonly type: 'train'; readonly params: readonly PanelParam[] }
  /** Resume an interrupted or stopped run from its last checkpoint. */
  | { readonly type: 'resumeRun' }
  /** Ask from which epoch of the shown run, and with what changes, another run is to go on. */
  | { readonly type: 'forkRun' }
  /** Show this field of the recipe in the editor, for example `model[2].dense`. */
  | { readonly type: 'reveal'; readonly path: string }
  /** Save a picture that the panel drew; `content` is SVG text or base64 PNG. */
  | { readonly type: 'save'; readonly format: 'svg' | 'png'; readonly suggestedName: string; readonly content: string }
  | { readonly type: 'openRunFolder' }
  /** Make the run's saved network ready to be asked. */
  | { readonly type: 'openPredict' }
  | { readonly type: 'predictRow'; readonly fields: Readonly<Record<string, string>> }
  /** Ask for a CSV file, and predict its rows into a new one beside it. */
  | { readonly type: 'predictCsv' }
  | { readonly type: 'openFile'; readonly file: string }
  | { readonly type: 'showOutput' };

/** What VS Code keeps for a panel over a reload of the window. */
export interface PanelState {
  readonly recipeFile: string;
  readonly runFolder: string | null;
  /** Absent: `PAST_RUNS_SHOWN`. */
  readonly pastRuns?: number;
}

/** The same for the page of a model without a run. */
export interface ModelPageState {
  readonly modelFolder: string;
}
