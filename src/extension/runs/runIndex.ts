/** All runs of the workspace's recipes, newest first, with the live ones followed. */

import path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../common/errors.ts';
import { RUNS_FOLDER } from '../../common/run/runFolder.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { listRuns } from '../../node/listRuns.ts';
import { createQuietEmitter } from '../quietEmitter.ts';
import type { RecipeFiles } from '../recipes/recipeFiles.ts';
import { followLiveRun, type LiveRun } from './liveRun.ts';

export interface RunIndex extends vscode.Disposable {
  list(): Promise<readonly RunSummary[]>;
  /** The runs that train now, newest first. */
  live(): readonly LiveRun[];
  /** Looks again, everywhere. */
  refresh(): void;
  /** A run has been started here: it is followed from now on, whatever the watchers see. */
  noteRun(started: StartedRun): void;
  /** A run that was followed has ended, one way or another. */
  readonly onDidEnd: vscode.Event<EndedRun>;
  readonly onDidChange: vscode.Event<void>;
}

export interface StartedRun {
  readonly recipeFile: string;
  readonly runFolder: string;
  readonly pid: number;
}

export interface EndedRun {
  readonly recipeFile: string;
  readonly runFolder: string;
  readonly problems: readonly Problem[];
}

export function createRunIndex(recipes: RecipeFiles, output: vscode.LogOutputChannel): RunIndex {
  const changed = createQuietEmitter();
  const ended = new vscode.EventEmitter<EndedRun>();
  const live = new Map<string, LiveRun>();
  const noted = new Set<string>();
  let listing: Promise<readonly RunSummary[]> | null = null;
  const { tell } = changed;
  const refresh = () => {
    listing = null;
    tell();
  };
  const follow = (runFolder: string, started?: StartedRun) => {
    const drop = () => {
      const run = live.get(runFolder)?.run;
      live.delete(runFolder);
      const recipeFile = started?.recipeFile ?? run?.recipeFile ?? null;
      if (recipeFile !== null) {
        ended.fire({ recipeFile, runFolder, problems: run?.problems ?? [] });
      }
      refresh();
    };
    const onError = (error: unknown) => output.error(`${runFolder}: ${String(error)}`);
    live.set(runFolder, followLiveRun(runFolder, { onChange: tell, onEnd: drop, onError }, started?.pid));
  };
  const load = async () => {
    const files = (await recipes.list()).map(({ uri }) => uri.fsPath);
    const runs = await listAll([...files, ...noted]);
    for (const run of runs.filter((one) => isLive(one) && !live.has(one.runFolder))) {
      follow(run.runFolder);
    }
    return runs;
  };
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${RUNS_FOLDER}/*/events.jsonl`, false, true, false);
  const subscriptions = [
    changed,
    ended,
    watcher,
    watcher.onDidCreate(refresh),
    watcher.onDidDelete(refresh),
    recipes.onDidChange(refresh),
    // Runs started in a terminal meanwhile are seen at the latest when a person comes back.
    vscode.window.onDidChangeWindowState(({ focused }) => (focused ? recipes.refresh() : undefined)),
  ];
  return {
    async list() {
      listing ??= load();
      const runs = await listing;
      return runs.map((run) => withLive(run, live.get(run.runFolder)));
    },
    live: () => [...live.values()].sort((a, b) => path.basename(b.runFolder).localeCompare(path.basename(a.runFolder))),
    refresh: recipes.refresh,
    onDidEnd: ended.event,
    noteRun(started) {
      noted.add(started.recipeFile);
      live.get(started.runFolder)?.dispose();
      follow(started.runFolder, started);
      recipes.refresh();
    },
    onDidChange: changed.event,
    dispose() {
      for (const one of live.values()) {
        one.dispose();
      }
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

function isLive(run: RunSummary): boolean {
  return run.status === 'running' || run.status === 'paused' || run.status === 'starting';
}

async function listAll(recipeFiles: readonly string[]): Promise<RunSummary[]> {
  const folders = new Set(recipeFiles.map((file) => path.join(path.dirname(file), RUNS_FOLDER)));
  const lists = await Promise.all([...folders].map((one) => listRuns(one)));
  return lists.flat().sort((a, b) => path.basename(b.runFolder).localeCompare(path.basename(a.runFolder)));
}

/** What the live run knows is newer than what the list read. */
function withLive(summary: RunSummary, live: LiveRun | undefined): RunSummary {
  if (live === undefined || live.run.start === null) {
    return summary;
  }
  return {
    ...summary,
    status: live.run.status,
    epochsDone: live.run.epochs.at(-1)?.epoch ?? 0,
    epochs: live.run.start.epochs,
  };
}
