/** The commands of the Runs view and the history page, for one run or for all that are selected. */
import * as vscode from 'vscode';
import { SkilletError } from '../../common/errors.ts';
import { formatCount } from '../../common/format.ts';
import { GROUPINGS } from '../../common/run/groupRuns.ts';
import { namesOfRuns } from '../../common/run/runFields.ts';
import { parseRunFilter } from '../../common/run/runFilter.ts';
import type { RunActions } from './runActions.ts';
import type { RunIndex } from './runIndex.ts';
import type { RunsTree } from './runsTree.ts';

export interface RunCommandParts {
  readonly index: RunIndex;
  readonly tree: RunsTree;
  readonly actions: RunActions;
  /** Asks which run is meant, where none was clicked. */
  askRun(): Promise<{ readonly runFolder: string } | null>;
}

export function createRunCommands(parts: RunCommandParts): vscode.Disposable {
  const { tree, actions } = parts;
  const withRuns = (act: (runFolders: readonly string[]) => Promise<void>) => async (target: unknown, all: unknown) => {
    const runFolders = await targetsOf(parts, target, all);
    return runFolders.length === 0 ? undefined : act(runFolders);
  };
  const commands: Record<string, (target?: unknown, all?: unknown) => unknown> = {
    'skillet.starRun': withRuns((runs) => actions.annotate(runs, { starred: true })),
    'skillet.unstarRun': withRuns((runs) => actions.annotate(runs, { starred: false })),
    'skillet.tagRun': withRuns(actions.askTags),
    'skillet.noteRun': withRuns(actions.askNote),
    'skillet.archiveRun': withRuns((runs) => actions.annotate(runs, { archived: true })),
    'skillet.unarchiveRun': withRuns((runs) => actions.annotate(runs, { archived: false })),
    'skillet.deleteRun': withRuns(actions.delete),
    'skillet.undoDeleteRuns': () => actions.undoDelete(),
    'skillet.emptyDeletedRuns': () => actions.emptyDeleted(),
    'skillet.filterRuns': (text) => filterRuns(parts, text),
    'skillet.clearRunsFilter': () => tree.setFilter(null),
    'skillet.showArchivedRuns': () => tree.setArchived(true),
    'skillet.hideArchivedRuns': () => tree.setArchived(false),
    'skillet.groupRuns': groupRunsBy,
    'skillet.showMoreRuns': (key) => (typeof key === 'string' ? tree.showMore(key) : undefined),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

/** VS Code gives the item that was clicked, and all that are selected where it is one of them. */
async function targetsOf({ tree, askRun }: RunCommandParts, target: unknown, all: unknown): Promise<readonly string[]> {
  const many = Array.isArray(all) ? all.flatMap(folderOf) : [];
  const one = folderOf(target);
  if (many.length > 0 || one.length > 0) {
    return many.length > 0 ? many : one;
  }
  // A key binding gives nothing: the selection is meant.
  const selected = tree.selected().map(({ runFolder }) => runFolder);
  if (selected.length > 0) {
    return selected;
  }
  const asked = await askRun();
  return asked === null ? [] : [asked.runFolder];
}

function folderOf(target: unknown): string[] {
  const { runFolder } = ((target ?? {}) as { run?: { runFolder?: unknown } }).run ?? {};
  return typeof runFolder === 'string' ? [runFolder] : [];
}

/** @param given The filter itself, where a program or a test calls. */
async function filterRuns({ index, tree }: RunCommandParts, given: unknown): Promise<void> {
  const runs = await index.list();
  const known = namesOfRuns(runs);
  const judge = (text: string) => {
    try {
      const filter = parseRunFilter(text, known);
      const now = Date.now();
      const left = runs.filter((run) => filter.matches(run, now)).length;
      return {
        message: `${formatCount(left)} of ${formatCount(runs.length)} runs`,
        severity: vscode.InputBoxValidationSeverity.Info,
      };
    } catch (error) {
      const message = error instanceof SkilletError ? `${error.path}: ${error.message} ${error.remedy}` : String(error);
      return { message, severity: vscode.InputBoxValidationSeverity.Error };
    }
  };
  const example =
    known.params[0] === undefined ? 'epochs > 10' : `${known.params[0]} = ${exampleOf(runs, known.params[0])}`;
  const text =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({
          title: 'Filter Runs',
          prompt: 'Empty: all runs.',
          placeHolder: `Words, or for example: ${example}  status:failed  tag:baseline  is:starred  age < 7d`,
          value: tree.filter().text,
          validateInput: judge,
        });
  if (text !== undefined) {
    parseRunFilter(text, known);
    tree.setFilter(text);
  }
}

function exampleOf(runs: readonly { readonly params: Readonly<Record<string, unknown>> }[], name: string): string {
  return String(runs.find(({ params }) => Object.hasOwn(params, name))?.params[name]);
}

async function groupRunsBy(): Promise<void> {
  const words = { day: 'By Day', recipe: 'By Recipe', none: 'Not at All' } as const;
  const settings = vscode.workspace.getConfiguration('skillet');
  const now = settings.get<string>('runs.groupBy');
  const items = GROUPINGS.map((grouping) => ({
    label: words[grouping],
    description: grouping === now ? 'as now' : '',
    grouping,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: 'How are runs to be grouped?' });
  if (picked !== undefined) {
    await settings.update('runs.groupBy', picked.grouping, vscode.ConfigurationTarget.Global);
  }
}
