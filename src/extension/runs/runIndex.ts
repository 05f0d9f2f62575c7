/** All runs of the workspace's recipes, newest first, with the live ones followed. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../common/errors.ts';
import { RUNS_FOLDER } from '../../common/run/runFolder.ts';
import { isLiveRun, type RunSummary } from '../../common/run/runSummary.ts';
import { summarizeEvents } from '../../node/listRuns.ts';
import { createRunStore, type RunChanges } from '../../node/runStore.ts';
import { createQuietEmitter } from '../quietEmitter.ts';
import type { RecipeFiles } from '../recipes/recipeFiles.ts';
import { createSecondLooks, UNWATCHED_MS } from '../secondLooks.ts';
import { followLiveRun, type LiveRun } from './liveRun.ts';
import { watchRuns } from './watchRuns.ts';

export interface RunIndex extends vscode.Disposable {
  list(): Promise<readonly RunSummary[]>;
  /** The runs that train now, newest first. */
  live(): readonly LiveRun[];
  /** Looks again, everywhere. */
  refresh(): void;
  /** Looks at these runs again: they were changed, deleted or brought back here. */
  lookAt(runFolders: readonly string[]): Promise<void>;
  /** The folders that runs lie in. */
  runsFolders(): readonly string[];
  /** A run has been started here: it is followed from now on, whatever the watchers see. */
  noteRun(started: StartedRun): void;
  /** A run that was followed has ended, one way or another. */
  readonly onDidEnd: vscode.Event<EndedRun>;
  readonly onDidChange: vscode.Event<void>;
  /** The same moments, with what changed. */
  readonly onDidChangeRuns: vscode.Event<ChangedRuns>;
}

export interface ChangedRuns {
  /** Whether some run is new, gone, or says something else than its progress. */
  readonly isListChanged: boolean;
  /** Runs that are new or changed, in progress or otherwise. */
  readonly runFolders: readonly string[];
  readonly gone: readonly string[];
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
  const quiet = createQuietEmitter();
  const changedRuns = new vscode.EventEmitter<ChangedRuns>();
  const ended = new vscode.EventEmitter<EndedRun>();
  const live = new Map<string, LiveRun>();
  const noted = new Set<string>();
  const store = createRunStore();
  const report = createReport();
  let loading: Promise<void> | null = null;

  const announce = ({ changed, gone }: RunChanges) => {
    for (const run of changed) {
      report.change(run.runFolder);
      if (isLiveRun(run) && !live.has(run.runFolder)) {
        follow(run.runFolder);
      }
    }
    for (const runFolder of gone) {
      live.get(runFolder)?.dispose();
      live.delete(runFolder);
      report.lose(runFolder);
    }
    if (changed.length + gone.length > 0) {
      quiet.tell();
    }
  };
  const lookAt = async (runFolders: readonly string[]) => {
    const changes = await store.lookAt(runFolders);
    announce(changes);
    const settled = new Set([...(await store.list()).map(({ runFolder }) => runFolder), ...changes.gone]);
    return runFolders.filter((runFolder) => !settled.has(runFolder));
  };
  const looks = createSecondLooks(lookAt, (error) => output.error(String(error)));
  const follow = (runFolder: string, started?: StartedRun) => {
    const drop = () => {
      const run = live.get(runFolder)?.run;
      live.delete(runFolder);
      const recipeFile = started?.recipeFile ?? run?.recipeFile ?? null;
      if (recipeFile !== null) {
        ended.fire({ recipeFile, runFolder, problems: run?.problems ?? [] });
      }
      report.change(runFolder);
      quiet.tell();
      looks.look([runFolder]);
    };
    const onChange = () => {
      report.progress(runFolder);
      quiet.tell();
    };
    const onError = (error: unknown) => output.error(`${runFolder}: ${String(error)}`);
    live.set(runFolder, followLiveRun(runFolder, { onChange, onEnd: drop, onError }, started?.pid));
  };
  const load = async ({ everything }: { everything: boolean }) => {
    const files = [...(await recipes.list()).map(({ uri }) => uri.fsPath), ...noted];
    announce(await store.setFolders([...new Set(files.map((file) => path.join(path.dirname(file), RUNS_FOLDER)))]));
    if (everything) {
      announce(await store.lookAtAll());
    }
  };
  const loadAgain = (how: { everything: boolean }) => {
    const before = loading ?? Promise.resolve();
    loading = before.catch(() => undefined).then(() => load(how));
    loading.catch((error) => output.error(String(error)));
    quiet.tell();
  };
  const refresh = () => {
    recipes.refresh();
    loadAgain({ everything: true });
  };
  const subscriptions = [
    quiet,
    changedRuns,
    ended,
    looks,
    watchRuns(looks.look),
    quiet.event(() => changedRuns.fire(report.take())),
    recipes.onDidChange(() => loadAgain({ everything: false })),
    // Runs started in a terminal meanwhile are seen at the latest when a person comes back.
    vscode.window.onDidChangeWindowState(({ focused }) => (focused ? refresh() : undefined)),
  ];
  // Watchers say nothing of what happens before they are at work, nor when that is.
  const atWork = setTimeout(() => loading !== null && loadAgain({ everything: true }), UNWATCHED_MS);
  return {
    async list() {
      loading ??= load({ everything: false });
      await loading;
      const runs = await store.list();
      return live.size === 0 ? runs : runs.map((run) => withLive(run, live.get(run.runFolder)));
    },
    live: () => [...live.values()].sort((a, b) => (path.basename(a.runFolder) < path.basename(b.runFolder) ? 1 : -1)),
    refresh,
    async lookAt(runFolders) {
      await lookAt(runFolders);
    },
    runsFolders: store.folders,
    onDidEnd: ended.event,
    noteRun(started) {
      noted.add(started.recipeFile);
      live.get(started.runFolder)?.dispose();
      follow(started.runFolder, started);
      recipes.refresh();
      loadAgain({ everything: false });
      void loading?.then(() => looks.look([started.runFolder]));
    },
    onDidChange: quiet.event,
    onDidChangeRuns: changedRuns.event,
    dispose() {
      clearTimeout(atWork);
      for (const one of live.values()) {
        one.dispose();
      }
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

/** Gathers what happens between two tellings. */
function createReport() {
  const changed = new Set<string>();
  const gone = new Set<string>();
  let isListChanged = false;
  return {
    progress: (runFolder: string) => void changed.add(runFolder),
    change(runFolder: string) {
      changed.add(runFolder);
      gone.delete(runFolder);
      isListChanged = true;
    },
    lose(runFolder: string) {
      changed.delete(runFolder);
      gone.add(runFolder);
      isListChanged = true;
    },
    take(): ChangedRuns {
      const taken = { isListChanged, runFolders: [...changed], gone: [...gone] };
      changed.clear();
      gone.clear();
      isListChanged = false;
      return taken;
    },
  };
}

/** What the live run knows is newer than what the list read. */
function withLive(summary: RunSummary, live: LiveRun | undefined): RunSummary {
  if (live === undefined || live.run.start === null) {
    return summary;
  }
  return { ...summary, ...summarizeEvents(live.run), name: live.run.start.name, status: live.run.status };
}
