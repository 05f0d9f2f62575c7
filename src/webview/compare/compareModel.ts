/** All that the page of a comparison knows, folded from what it is told. */
import { addEpochs, type ComparedRun } from '../../common/compare/comparedRun.ts';
import type { ToComparePage } from '../../common/compareMessages.ts';
import type { Problem } from '../../common/errors.ts';

export interface CompareModel {
  /** Null until the extension has said. */
  runFolders: readonly string[] | null;
  /** Those that have been read, by folder. */
  readonly runs: Map<string, ComparedRun>;
  readonly unreadable: Map<string, Problem>;
  refused: readonly Problem[];
}

export function emptyModel(): CompareModel {
  return { runFolders: null, runs: new Map(), unreadable: new Map(), refused: [] };
}

/** Takes up a message in place. */
export function receive(model: CompareModel, message: ToComparePage): void {
  switch (message.type) {
    case 'runs':
      model.runFolders = message.runFolders;
      for (const known of [model.runs, model.unreadable]) {
        for (const folder of known.keys()) {
          if (!message.runFolders.includes(folder)) {
            known.delete(folder);
          }
        }
      }
      break;
    case 'run':
      model.unreadable.delete(message.run.runFolder);
      model.runs.set(message.run.runFolder, message.run);
      break;
    case 'epochs': {
      const run = model.runs.get(message.runFolder);
      if (run !== undefined) {
        model.runs.set(message.runFolder, addEpochs(run, message.records));
      }
      break;
    }
    case 'unreadable':
      model.runs.delete(message.runFolder);
      model.unreadable.set(message.runFolder, message.problem);
      break;
    case 'refused':
      model.refused = message.problems;
      break;
  }
}

/** In the order of the comparison. */
export function readRuns({ runFolders, runs }: CompareModel): ComparedRun[] {
  return (runFolders ?? []).flatMap((folder) => runs.get(folder) ?? []);
}
