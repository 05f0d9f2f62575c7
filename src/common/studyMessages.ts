/** All that the page of a study can say and hear. */
import type { Problem } from './errors.ts';
import type { ParamValue } from './recipe/params.ts';
import type { StudyEvent } from './study/studyEvents.ts';

/** The recipe that the study was made from, as it is now. */
export interface StudyRecipe {
  /** Absolute path. */
  readonly file: string;
  /** Null where the recipe is gone or cannot be read: nothing can be applied to it. */
  readonly params: Readonly<Record<string, ParamValue>> | null;
}

export type ToStudyPage =
  /** A study is shown from its beginning: forget all events before this. */
  | { readonly type: 'study'; readonly studyFolder: string }
  /** At most 20 a second; the whole past comes first, in one or several of these. */
  | { readonly type: 'events'; readonly events: readonly StudyEvent[] }
  /** Whether the study's process lives, and whether it was told to pause. */
  | { readonly type: 'process'; readonly alive: boolean; readonly paused: boolean }
  /** Epochs that trials under way have done, by their number: the study itself writes them at the end. */
  | { readonly type: 'epochs'; readonly epochs: Readonly<Record<number, number>> }
  | { readonly type: 'recipe'; readonly recipe: StudyRecipe }
  /** What was asked for could not be done; none: forget what was said before. */
  | { readonly type: 'refused'; readonly problems: readonly Problem[] };

export type FromStudyPage =
  | { readonly type: 'ready' }
  | { readonly type: 'control'; readonly command: 'stop' | 'pause' | 'resume' }
  /** Go on with a study that was stopped or broke off. */
  | { readonly type: 'resumeStudy' }
  | { readonly type: 'openTrial'; readonly trial: number }
  /** Write the trial's values into the recipe. */
  | { readonly type: 'applyTrial'; readonly trial: number }
  /** Train the recipe with the trial's values, from its beginning to its end. */
  | { readonly type: 'trainTrial'; readonly trial: number }
  /** Show this field of the recipe in the editor. */
  | { readonly type: 'reveal'; readonly path: string }
  | { readonly type: 'openStudyFolder' };

/** What VS Code keeps for the page over a reload of the window. */
export interface StudyPageState {
  readonly studyFolder: string;
  /** Brushes, order and the like: the page's own affair. */
  readonly view: unknown;
}
