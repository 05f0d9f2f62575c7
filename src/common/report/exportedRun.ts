/** What an export knows of a run: all that its folder tells. */
import type { ComparedRun } from '../compare/comparedRun.ts';
import type { RunState } from '../run/reduceRun.ts';

export interface ExportedRun {
  readonly compared: ComparedRun;
  /** With its steps only where they were asked for. */
  readonly run: RunState;
  /** As it was trained, parameters filled in. */
  readonly recipeText: string;
}
