/** All runs of the workspace's recipes, newest first, with the live ones followed. */
import path from 'node:path';
import * as vscode from 'vscode';
import { RUNS_FOLDER } from '../../common/run/runFolder.ts';
import { listRuns, type RunSummary } from '../../node/listRuns.ts';
import type { RecipeFiles } from '../recipes/recipeFiles.ts';
import { followLiveRun, type LiveRun } from './liveRun.ts';

export interface RunIndex extends vscode.Disposable {
  list(): Promise<readonly RunSummary[]>;
  /** The runs that train now, newest first. */
  live(): readonly LiveRun[];
  /** Looks again, everywhere. */
  refresh(): void;
  /** A run of this recipe has been started here: its folder is looked into from now on, whatever the watchers see. */
  noteRun(recipeFile: string): void;
  readonly onDidChange: vscode.Event<void>;
}

/** Live runs change many times a second; the views are told at most this often, in ms. */
const QUIET_MS = 300;

export function createRunIndex(recipes: RecipeFiles, output: vscode.LogOutputChannel): RunIndex {
  const changed = new vscode.EventEmitter<void>();
  const live = new Map<string, LiveRun>();
  const noted = new Set<string>();
  let listing: Promise<readonly RunSummary[]> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed.fire();
    }, QUIET_MS);
  };
  const refresh = () => {
    listing = null;
    tell();
  };
  const follow = ({ runFolder }: RunSummary) => {
    const drop = () => {
      live.delete(runFolder);
      refresh();
    };
    const onError = (error: unknown) => output.error(`${runFolder}: ${String(error)}`);
    live.set(runFolder, followLiveRun(runFolder, { onChange: tell, onEnd: drop, onError }));
  };
  const load = async () => {
    const files = (await recipes.list()).map(({ uri }) => uri.fsPath);
    const runs = await listAll([...files, ...noted]);
    for (const run of runs.filter((one) => isLive(one) && !live.has(one.runFolder))) {
      follow(run);
    }
    return runs;
  };
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${RUNS_FOLDER}/*/events.jsonl`, false, true, false);
  const subscriptions = [
    changed,
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
    noteRun(recipeFile) {
      noted.add(recipeFile);
      recipes.refresh();
    },
    onDidChange: changed.event,
    dispose() {
      clearTimeout(timer);
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
  const lists = await Promise.all([...folders].map(listRuns));
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
