/** All that the page of the run history can say and hear. */
import type { AnnotationChange } from './run/annotations.ts';
import type { RunSummary } from './run/runSummary.ts';

export type ToHistoryPage =
  /** All runs, newest first, in pieces: the first one says to forget those before, the last one that there are no more. */
  | { readonly type: 'runs'; readonly runs: readonly RunSummary[]; readonly isFirst: boolean; readonly isLast: boolean }
  /** Runs that are new or say something else now, and the folders of those that are gone. */
  | { readonly type: 'changed'; readonly runs: readonly RunSummary[]; readonly gone: readonly string[] }
  /** What the page had chosen to show when it was last open; its own affair. */
  | { readonly type: 'view'; readonly view: unknown }
  | { readonly type: 'filter'; readonly text: string };

export type FromHistoryPage =
  | { readonly type: 'ready' }
  /** To be given back when the page is opened again. */
  | { readonly type: 'keep'; readonly view: unknown }
  | { readonly type: 'open'; readonly runFolder: string }
  | { readonly type: 'annotate'; readonly runFolders: readonly string[]; readonly change: AnnotationChange }
  /** Ask a person, in the editor's own way. */
  | { readonly type: 'ask'; readonly what: 'tags' | 'note'; readonly runFolders: readonly string[] }
  | { readonly type: 'compare'; readonly runFolders: readonly string[] }
  | { readonly type: 'delete'; readonly runFolders: readonly string[] }
  | { readonly type: 'train' };
