/** Everything the panel can say to the extension and hear from it: the whole boundary in one file. */
import type { Problem } from './errors.ts';
import type { NetworkGraph } from './graph.ts';
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

export type ToPanel =
  | { readonly type: 'recipe'; readonly recipe: PanelRecipe; readonly pastRuns: readonly PastRun[] }
  /** A run is shown from its beginning: forget all events before this. Null: no run yet. */
  | { readonly type: 'run'; readonly runFolder: string | null; readonly params: readonly PanelParam[] }
  /** At most 20 a second; the whole past comes first, in one or several of these. */
  | { readonly type: 'events'; readonly events: readonly RunEvent[] }
  /** Whether the trainer process lives: without it and without a `runEnd` the run is interrupted. */
  | { readonly type: 'alive'; readonly alive: boolean }
  /** Training could not be started at all. */
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }
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
  | { readonly type: 'showOutput' };

/** What VS Code keeps for a panel over a reload of the window. */
export interface PanelState {
  readonly recipeFile: string;
  readonly runFolder: string | null;
}
