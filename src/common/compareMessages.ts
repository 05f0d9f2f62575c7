/** All that the page of a comparison can say and hear. */
import type { ComparedRun } from './compare/comparedRun.ts';
import type { Problem } from './errors.ts';
import type { EpochRecord } from './run/reduceRun.ts';

export type ToComparePage =
  /** The runs that are compared, in order; what is known of others may be forgotten. */
  | { readonly type: 'runs'; readonly runFolders: readonly string[] }
  /** One of them as it is now, whole. */
  | { readonly type: 'run'; readonly run: ComparedRun }
  /** It has grown: at most 4 of these a second and run. */
  | { readonly type: 'epochs'; readonly runFolder: string; readonly records: readonly EpochRecord[] }
  /** It cannot be read: deleted, or no run. */
  | { readonly type: 'unreadable'; readonly runFolder: string; readonly problem: Problem }
  /** What was asked for could not be done; none: forget what was said before. */
  | { readonly type: 'refused'; readonly problems: readonly Problem[] };

export type FromComparePage =
  | { readonly type: 'ready' }
  /** Ask which runs to add. */
  | { readonly type: 'addRuns' }
  | { readonly type: 'removeRuns'; readonly runFolders: readonly string[] }
  | { readonly type: 'openRun'; readonly runFolder: string }
  /** Show the two recipes in VS Code's own diff editor. */
  | { readonly type: 'openDiff'; readonly base: string; readonly other: string }
  /** Put the run's recipe back into its file, after it was shown what would change. */
  | { readonly type: 'restore'; readonly runFolder: string }
  /** Ask for a format and a file, and write these runs to it. */
  | { readonly type: 'export'; readonly runFolders: readonly string[] }
  /** A picture that the page drew; `content` is SVG text or base64 PNG. */
  | { readonly type: 'save'; readonly format: 'svg' | 'png'; readonly suggestedName: string; readonly content: string };

/** What VS Code keeps for the page over a reload of the window. */
export interface ComparePageState {
  readonly runFolders: readonly string[];
  /** What is hidden, pinned and the like: the page's own affair. */
  readonly view: unknown;
}
