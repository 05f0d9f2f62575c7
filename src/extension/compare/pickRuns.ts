/** Asks which runs to compare, each with what it reached. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunSummary } from '../../common/run/runSummary.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { describeRun, STATUS_ICON } from '../runs/runText.ts';

export interface PickOptions {
  /** Offers the runs of this recipe only. */
  readonly recipeFile?: string;
  /** Already compared: not offered again. */
  readonly except?: readonly string[];
  readonly title: string;
}

/** So many of a recipe's runs are ticked to begin with. */
const NEWEST = 3;

/** @returns The folders that were ticked; null where nobody did, or there is nothing to tick. */
export async function pickRuns(index: RunIndex, { recipeFile, except = [], title }: PickOptions) {
  const runs = (await index.list()).filter(
    (run) => (recipeFile === undefined || run.recipeFile === recipeFile) && !except.includes(run.runFolder),
  );
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(
      except.length > 0 ? 'There is no other run to add.' : 'Nothing was trained here yet. Train a recipe first.',
    );
    return null;
  }
  // Of one recipe, what a person most likely wants to see beside each other is what was trained last.
  const ticked = recipeFile !== undefined && except.length === 0 ? NEWEST : 0;
  const items = runs.map((run, index) => ({ ...toItem(run), picked: index < ticked }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title,
    placeHolder: 'Type to filter by name, parameter or result',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked === undefined || picked.length === 0 ? null : picked.map(({ runFolder }) => runFolder);
}

function toItem(run: RunSummary) {
  const params = Object.entries(run.params).map(([name, value]) => `${name} ${value}`);
  const detail = [...params, run.seed === null ? '' : `seed ${run.seed}`].filter((part) => part !== '').join(' · ');
  return {
    label: `$(${STATUS_ICON[run.status].replace('~spin', '')}) ${run.name}`,
    description: describeRun(run, Date.now()),
    detail: detail === '' ? path.basename(run.runFolder) : detail,
    runFolder: run.runFolder,
  };
}
