/** All studies of the workspace's recipes, newest first, with the live ones followed. */

import path from 'node:path';
import * as vscode from 'vscode';
import { STUDIES_FOLDER, type StudyCommand } from '../../common/study/studyFolder.ts';
import { listStudies, type StudySummary } from '../../node/study/listStudies.ts';
import { sendStudyControl } from '../../node/study/sendStudyControl.ts';
import { createQuietEmitter } from '../quietEmitter.ts';
import type { RecipeFiles } from '../recipes/recipeFiles.ts';
import { createSecondLooks, UNWATCHED_MS } from '../secondLooks.ts';
import { followStudy, type LiveStudy } from './liveStudy.ts';

export interface ShownStudy extends Omit<StudySummary, 'status'> {
  readonly status: StudySummary['status'] | 'paused';
}

export interface StartedStudyHere {
  readonly recipeFile: string;
  readonly studyFolder: string;
  readonly pid: number;
}

export interface StudyIndex extends vscode.Disposable {
  list(): Promise<readonly ShownStudy[]>;
  /** The studies at work now, newest first. */
  live(): readonly LiveStudy[];
  control(studyFolder: string, command: StudyCommand['type']): Promise<void>;
  /** A study has been started here: it is followed from now on, whatever the watchers see. */
  noteStudy(started: StartedStudyHere): void;
  /** Looks again, everywhere. */
  refresh(): void;
  readonly onDidChange: vscode.Event<void>;
}

export function createStudyIndex(recipes: RecipeFiles, output: vscode.LogOutputChannel): StudyIndex {
  const changed = createQuietEmitter();
  const live = new Map<string, LiveStudy>();
  const noted = new Set<string>();
  let listing: Promise<readonly StudySummary[]> | null = null;
  const { tell } = changed;
  const refresh = () => {
    listing = null;
    tell();
  };
  const follow = (studyFolder: string, pid?: number) => {
    const onEnd = () => {
      live.delete(studyFolder);
      refresh();
    };
    const onError = (error: unknown) => output.error(`${studyFolder}: ${String(error)}`);
    live.set(studyFolder, followStudy(studyFolder, { onEvents: tell, onLook: tell, onEnd, onError }, pid));
  };
  const load = async () => {
    const files = (await recipes.list()).map(({ uri }) => uri.fsPath);
    const folders = new Set([...files, ...noted].map((file) => path.join(path.dirname(file), STUDIES_FOLDER)));
    const studies = (await Promise.all([...folders].map(listStudies))).flat().sort(newestFirst);
    for (const { studyFolder } of studies.filter((one) => isAtWork(one) && !live.has(one.studyFolder))) {
      follow(studyFolder);
    }
    return studies;
  };
  const list = async () => {
    listing ??= load();
    return (await listing).map((study) => withLive(study, live.get(study.studyFolder)));
  };
  const look = async (studyFolders: readonly string[]) => {
    refresh();
    const known = new Set((await list()).map(({ studyFolder }) => studyFolder));
    return studyFolders.filter((studyFolder) => !known.has(studyFolder));
  };
  const looks = createSecondLooks(look, (error) => output.error(String(error)));
  const folders = vscode.workspace.createFileSystemWatcher(`**/${STUDIES_FOLDER}/*`, false, true, false);
  const events = vscode.workspace.createFileSystemWatcher(`**/${STUDIES_FOLDER}/*/study.jsonl`, false, true, false);
  const subscriptions = [
    changed,
    looks,
    folders,
    events,
    folders.onDidCreate(({ fsPath }) => looks.look([fsPath])),
    folders.onDidDelete(refresh),
    events.onDidCreate(refresh),
    events.onDidDelete(refresh),
    recipes.onDidChange(refresh),
    // Studies begun in a terminal meanwhile are seen at the latest when a person comes back.
    vscode.window.onDidChangeWindowState(({ focused }) => (focused ? refresh() : undefined)),
  ];
  const atWork = setTimeout(() => listing !== null && refresh(), UNWATCHED_MS);
  return {
    list,
    live: () => [...live.values()].sort(newestFirst),
    async control(studyFolder, command) {
      await sendStudyControl(studyFolder, command, new Date());
      await live.get(studyFolder)?.look();
    },
    noteStudy({ recipeFile, studyFolder, pid }) {
      noted.add(recipeFile);
      live.get(studyFolder)?.dispose();
      follow(studyFolder, pid);
      refresh();
    },
    refresh,
    onDidChange: changed.event,
    dispose() {
      clearTimeout(atWork);
      for (const one of live.values()) {
        one.dispose();
      }
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

export function isAtWork({ status }: Pick<ShownStudy, 'status'>): boolean {
  return status === 'running' || status === 'starting' || status === 'paused';
}

function newestFirst(a: { readonly studyFolder: string }, b: { readonly studyFolder: string }): number {
  return path.basename(b.studyFolder).localeCompare(path.basename(a.studyFolder));
}

/** What the live study knows is newer than what the list read. */
function withLive(summary: StudySummary, live: LiveStudy | undefined): ShownStudy {
  if (live === undefined || live.study.start === null) {
    return summary;
  }
  const { study } = live;
  const best = study.trials.find(({ number }) => number === study.best);
  return {
    ...summary,
    name: live.study.start.name,
    status: live.isPaused() && study.end === null ? 'paused' : study.status,
    objective: live.study.start.objective,
    trials: live.study.start.trials,
    trialsDone: study.trials.filter(({ status }) => status !== 'running' && status !== 'stopped').length,
    best: best === undefined ? null : { trial: best.number, value: best.value, params: best.params },
  };
}
