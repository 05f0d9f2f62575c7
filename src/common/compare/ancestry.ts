/** Which run branched off from which: the runs in the order of a tree, each with its depth. */
import type { ComparedRun } from './comparedRun.ts';

export interface TreeRow<Run> {
  readonly run: Run;
  /** 0 for a run that began by itself, or whose parent is not compared. */
  readonly depth: number;
  /** The parent where it is compared too. */
  readonly parent: Run | null;
}

type Branch = Pick<ComparedRun, 'runFolder' | 'fork'>;

/** Parents stand before their forks, forks in the order of the epoch they branched off at; all else keeps its order. */
export function ancestry<Run extends Branch>(runs: readonly Run[]): TreeRow<Run>[] {
  const byFolder = new Map(runs.map((run) => [run.runFolder, run]));
  const parentOf = (run: Run) =>
    run.fork === null ? null : (byFolder.get(beside(run.runFolder, run.fork.run)) ?? null);
  const parents = new Map(runs.map((run) => [run, parentOf(run)]));
  const rows: TreeRow<Run>[] = [];
  const seen = new Set<Run>();
  const add = (run: Run, depth: number, parent: Run | null) => {
    if (seen.has(run)) {
      return;
    }
    seen.add(run);
    rows.push({ run, depth, parent });
    const forks = runs
      .filter((one) => parents.get(one) === run)
      .sort((a, b) => (a.fork?.epoch ?? 0) - (b.fork?.epoch ?? 0));
    for (const fork of forks) {
      add(fork, depth + 1, run);
    }
  };
  for (const run of runs.filter((one) => parents.get(one) === null)) {
    add(run, 0, null);
  }
  // A damaged file may make runs each other's parents: they are shown all the same.
  for (const run of runs) {
    add(run, 0, null);
  }
  return rows;
}

/** A fork's parent lies beside it. Paths come from one machine, whose separator they have. */
export function beside(runFolder: string, name: string): string {
  const end = Math.max(runFolder.lastIndexOf('/'), runFolder.lastIndexOf('\\'));
  return `${runFolder.slice(0, end + 1)}${name}`;
}

/** The last part of a run's path. */
export function folderOf(runFolder: string): string {
  return runFolder.slice(Math.max(runFolder.lastIndexOf('/'), runFolder.lastIndexOf('\\')) + 1);
}
