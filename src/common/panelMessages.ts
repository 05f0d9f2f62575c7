/** Everything the panel can say to the extension and hear from it: the whole boundary in one file. */
import type { Problem } from './errors.ts';
import type { NetworkGraph } from './graph.ts';
import type { FileDone, ModelView, Prediction } from './model/predictMessages.ts';
import type { Diagnosis } from './run/diagnosis/diagnosis.ts';
import type { RunEvent } from './run/events.ts';

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
  /** Metric name → values per epoch, epoch 1 first. */
  readonly curves: Readonly<Record<string, readonly (number | null)[]>>;
}

/** A CSV file that is being predicted, or was. */
export type PredictedFile =
  | { readonly phase: 'reading'; readonly name: string; readonly rows: number }
  | ({ readonly phase: 'done'; readonly file: string } & FileDone)
  | { readonly phase: 'refused'; readonly problem: Problem };

export type ToPanel =
  | { readonly type: 'recipe'; readonly recipe: PanelRecipe; readonly pastRuns: readonly PastRun[] }
  /** A run is shown from its beginning: forget all events before this. Null: no run yet. */
  | { readonly type: 'run'; readonly runFolder: string | null; readonly params: readonly PanelParam[] }
  /** At most 20 a second; the whole past comes first, in one or several of these. */
  | { readonly type: 'events'; readonly events: readonly RunEvent[] }
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
  /** The editor's cursor stands in this layer; null: in none. */
  | { readonly type: 'selectLayer'; readonly layer: string | null };

export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'control'; readonly command: 'stop' | 'pause' | 'resume' | 'step' }
  /** Start a new run with these values instead of the file's. */
  | { readonly type: 'train'; readonly params: readonly PanelParam[] }
  /** Resume an interrupted or stopped run from its last checkpoint. */
  | { readonly type: 'resumeRun' }
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
}

/** The same for the page of a model without a run. */
export interface ModelPageState {
  readonly modelFolder: string;
}
