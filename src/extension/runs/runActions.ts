/** What can be done with one run or many: annotate, delete, bring back. The tree, the palette and the history page call it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { toProblem } from '../../common/errors.ts';
import { formatAge, formatCount } from '../../common/format.ts';
import { type AnnotationChange, parseTags } from '../../common/run/annotations.ts';
import type { RunSummary } from '../../common/run/runSummary.ts';
import { annotateRun } from '../../node/annotateRun.ts';
import {
  type Deletion,
  deleteRuns,
  emptyDeletions,
  KEPT_MS,
  listDeletions,
  restoreRuns,
} from '../../node/deletedRuns.ts';
import { tellProblems } from '../tellProblems.ts';
import type { RunIndex } from './runIndex.ts';

export interface RunActions {
  annotate(runFolders: readonly string[], change: AnnotationChange): Promise<void>;
  /** Asks which tags they are to have. */
  askTags(runFolders: readonly string[]): Promise<void>;
  askNote(runFolders: readonly string[]): Promise<void>;
  /** Moves them aside, and offers to bring them back. */
  delete(runFolders: readonly string[]): Promise<void>;
  /** Brings back what was deleted last; asks where there are several deletions. */
  undoDelete(): Promise<void>;
  /** Removes all deleted runs for good, once a person has said so. */
  emptyDeleted(): Promise<void>;
}

export function createRunActions(index: RunIndex, output: vscode.LogOutputChannel): RunActions {
  /** One after another: two changes of one run at the same time would lose one. */
  let last: Promise<unknown> = Promise.resolve();
  const tell = (error: unknown, what: string) => {
    output.warn(`${what}: ${String(error)}`);
    tellProblems([toProblem(error, what)]);
  };
  const runsAt = async (runFolders: readonly string[]): Promise<RunSummary[]> => {
    const wanted = new Set(runFolders);
    return (await index.list()).filter(({ runFolder }) => wanted.has(runFolder));
  };
  const annotate = (runFolders: readonly string[], change: AnnotationChange): Promise<void> => {
    const next = last.then(async () => {
      for (const runFolder of runFolders) {
        await annotateRun(runFolder, change);
      }
    });
    last = next.catch(() => undefined);
    return next.catch((error) => tell(error, 'annotations')).then(() => index.lookAt(runFolders));
  };
  const restore = async (deletion: Deletion) => {
    try {
      await restoreRuns(deletion);
      vscode.window.setStatusBarMessage(`${countRuns(deletion.runFolders.length)} brought back`, 3000);
    } catch (error) {
      tell(error, 'undo');
    }
    await index.lookAt(deletion.runFolders);
  };
  return {
    annotate,
    async askTags(runFolders) {
      const all = (await index.list()).flatMap(({ annotations }) => annotations.tags);
      const change = await pickTags(await runsAt(runFolders), [...new Set(all)].sort());
      if (change !== null) {
        await annotate(runFolders, change);
      }
    },
    async askNote(runFolders) {
      const runs = await runsAt(runFolders);
      const notes = new Set(runs.map(({ annotations }) => annotations.note));
      const note = await vscode.window.showInputBox({
        title: runs.length === 1 ? `Note on ${runs[0]?.name}` : `Note on ${countRuns(runs.length)}`,
        prompt: notes.size > 1 ? 'It takes the place of the notes they have.' : 'Empty: no note.',
        value: notes.size === 1 ? [...notes][0] : '',
      });
      if (note !== undefined) {
        await annotate(runFolders, { note });
      }
    },
    async delete(runFolders) {
      if (runFolders.length === 0) {
        return;
      }
      try {
        const deletion = await deleteRuns(runFolders, new Date());
        await index.lookAt(runFolders);
        offerUndo(deletion, () => restore(deletion));
      } catch (error) {
        tell(error, 'delete');
      }
    },
    async undoDelete() {
      const deletions = await listDeletions(index.runsFolders());
      const deletion = deletions.length > 1 ? await pickDeletion(deletions) : deletions[0];
      if (deletion !== undefined) {
        await restore(deletion);
      } else if (deletions.length === 0) {
        void vscode.window.showInformationMessage('No deleted runs are kept here.');
      }
    },
    async emptyDeleted() {
      const count = (await listDeletions(index.runsFolders())).flatMap(({ runFolders }) => runFolders).length;
      if (count === 0) {
        void vscode.window.showInformationMessage('No deleted runs are kept here.');
        return;
      }
      const question = `Remove ${countRuns(count)} for good? That cannot be undone.`;
      if ((await vscode.window.showWarningMessage(question, { modal: true }, 'Remove')) === 'Remove') {
        await emptyDeletions(index.runsFolders(), { now: new Date(), keptMs: 0 }).catch((error) =>
          tell(error, 'empty'),
        );
      }
    },
  };
}

/** Removes for good what was deleted a week ago or more. */
export async function removeOldDeletions(index: RunIndex, output: vscode.LogOutputChannel): Promise<void> {
  await index.list();
  const count = await emptyDeletions(index.runsFolders(), { now: new Date(), keptMs: KEPT_MS });
  if (count > 0) {
    output.info(`${countRuns(count)}, deleted more than a week ago, removed for good`);
  }
}

/** Not awaited: the message stays until somebody answers it. */
function offerUndo({ runFolders }: Deletion, undo: () => Promise<void>): void {
  const what = runFolders.length === 1 ? path.basename(runFolders[0] ?? '') : countRuns(runFolders.length);
  void vscode.window
    .showInformationMessage(`Deleted ${what}. It can be undone for a week.`, 'Undo')
    .then((answer) => (answer === 'Undo' ? undo() : undefined));
}

async function pickDeletion(deletions: readonly Deletion[]): Promise<Deletion | undefined> {
  const items = deletions.map((deletion) => ({
    label: countRuns(deletion.runFolders.length),
    description: `deleted ${formatAge(Date.now() - deletion.deletedAtMs)}`,
    detail: deletion.runFolders.map((folder) => path.basename(folder)).join(', '),
    deletion,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: 'Which are to be brought back?' });
  return picked?.deletion;
}

/** All tags there are, to tick, and a line to type new ones in. Null where it was left with Escape. */
function pickTags(runs: readonly RunSummary[], all: readonly string[]): Promise<AnnotationChange | null> {
  const pick = vscode.window.createQuickPick();
  const before = all.filter((tag) => runs.every(({ annotations }) => annotations.tags.includes(tag)));
  pick.title = runs.length === 1 ? `Tags of ${runs[0]?.name}` : `Tags of ${countRuns(runs.length)}`;
  pick.placeholder = all.length === 0 ? 'Type a tag, then press Enter' : 'Tick tags, or type a new one';
  pick.canSelectMany = true;
  pick.items = all.map((label) => ({ label }));
  pick.selectedItems = pick.items.filter(({ label }) => before.includes(label));
  return new Promise((resolve) => {
    pick.onDidChangeValue((typed) => {
      const ticked = new Set(pick.selectedItems.map(({ label }) => label));
      const fresh = parseTags(typed).filter((tag) => !all.includes(tag));
      pick.items = [
        ...fresh.map((label) => ({ label, description: 'new', alwaysShow: true })),
        ...all.map((label) => ({ label })),
      ];
      pick.selectedItems = pick.items.filter(({ label }) => ticked.has(label) || fresh.includes(label));
    });
    pick.onDidAccept(() => {
      const wanted = pick.selectedItems.map(({ label }) => label);
      resolve({ addTags: wanted, removeTags: before.filter((tag) => !wanted.includes(tag)) });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(null);
      pick.dispose();
    });
    pick.show();
  });
}

function countRuns(count: number): string {
  return `${formatCount(count)} run${count === 1 ? '' : 's'}`;
}
