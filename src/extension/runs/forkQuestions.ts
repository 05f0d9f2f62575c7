/** Asks from which epoch a run is forked and what is to change, step by step, with a way back. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatNumber } from '../../common/format.ts';
import { bestShownEpoch } from '../../common/inline/shownRun.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import type { EpochRecord } from '../../common/run/reduceRun.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { readRunEpochs } from '../../node/readRun.ts';

export interface ForkAnswers {
  readonly epoch: number;
  readonly set: Readonly<Record<string, string>>;
}

const TITLE = 'Fork Run';
/** A click on the arrow. */
const BACK = Symbol('back');

/** @param epoch Where it is known already. @returns Null where the person turned away. */
export async function askForFork(runFolder: string, epoch?: number): Promise<ForkAnswers | null> {
  const { epochs } = await readRunEpochs(runFolder);
  const text = await readFile(path.join(runFolder, RUN_FILES.recipe), 'utf8').catch(() => '');
  const { parseRecipe } = await import('../../common/recipe/parse.ts');
  const { recipe } = parseRecipe(text);
  if (epochs.length === 0 || recipe === null) {
    void vscode.window.showInformationMessage('This run has finished no epoch yet, so there is nothing to fork from.');
    return null;
  }
  const { forkFields } = await import('../../common/recipe/forkFields.ts');
  const fields = forkFields(text, recipe);
  const changes = new Map<string, string>();
  let chosen = epoch;
  for (;;) {
    chosen ??= await askEpoch(epochs);
    if (chosen === undefined) {
      return null;
    }
    const answer = await askChanges(recipe, { fields, epoch: chosen, changes, canGoBack: epoch === undefined });
    if (answer !== BACK) {
      return answer === null ? null : { epoch: chosen, set: Object.fromEntries(changes) };
    }
    chosen = undefined;
  }
}

interface EpochItem extends vscode.QuickPickItem {
  readonly epoch: number;
}

async function askEpoch(epochs: readonly EpochRecord[]): Promise<number | undefined> {
  const best = bestShownEpoch({ epochs }, 'loss');
  const toItem = (record: EpochRecord, detail?: string): EpochItem => ({
    label: `Epoch ${record.epoch}`,
    description: Object.entries(record.metrics)
      .map(([name, value]) => `${name} ${formatNumber(value)}`)
      .join('   '),
    ...(detail === undefined ? {} : { detail }),
    epoch: record.epoch,
  });
  const others = epochs.filter(({ epoch }) => epoch !== best?.epoch).toReversed();
  const items = [
    ...epochs.filter(({ epoch }) => epoch === best?.epoch).map((record) => toItem(record, 'The best one')),
    ...others.map((record, i) => toItem(record, i === 0 ? 'The latest' : undefined)),
  ];
  const picked = await pick(items, { step: 1, placeholder: 'From which epoch? The fork begins with the next one.' });
  return picked === BACK || picked === null ? undefined : picked.epoch;
}

interface FieldItem extends vscode.QuickPickItem {
  /** Null starts the fork. */
  readonly field: string | null;
}

async function askChanges(
  recipe: Recipe,
  {
    fields,
    epoch,
    changes,
    canGoBack,
  }: {
    readonly fields: readonly string[];
    readonly epoch: number;
    readonly changes: Map<string, string>;
    readonly canGoBack: boolean;
  },
): Promise<typeof BACK | 'start' | null> {
  for (;;) {
    const start: FieldItem = {
      label: '$(repo-forked) Start the Fork',
      description:
        changes.size === 0
          ? 'nothing is changed yet'
          : [...changes].map(([name, value]) => `${name} ${value}`).join('   '),
      field: null,
    };
    const items = fields.map((field): FieldItem => {
      const change = changes.get(field);
      const before = currentValue(recipe, field);
      return { label: field, description: change === undefined ? before : `${before} → ${change}`, field };
    });
    const placeholder = `After epoch ${epoch}: what is to be different? epochs counts from the very beginning.`;
    const picked = await pick([start, ...items], { step: 2, placeholder, canGoBack });
    if (picked === BACK || picked === null) {
      return picked;
    }
    if (picked.field === null) {
      return 'start';
    }
    const value = await vscode.window.showInputBox({
      title: `${TITLE}: ${picked.field}`,
      value: changes.get(picked.field) ?? currentValue(recipe, picked.field),
      prompt: 'Written as in a recipe; empty leaves it as it was.',
    });
    if (value?.trim() === '') {
      changes.delete(picked.field);
    } else if (value !== undefined) {
      changes.set(picked.field, value.trim());
    }
  }
}

function currentValue({ params, train }: Recipe, field: string): string {
  if (field === 'optimizer') {
    return train.optimizer.type;
  }
  const groups: Record<string, unknown>[] = [params, train, train.optimizer];
  const value = groups.find((group) => Object.hasOwn(group, field))?.[field];
  return value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @returns Null where it was closed. */
function pick<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  {
    step,
    placeholder,
    canGoBack = false,
  }: { readonly step: number; readonly placeholder: string; readonly canGoBack?: boolean },
): Promise<Item | typeof BACK | null> {
  const input = vscode.window.createQuickPick<Item>();
  Object.assign(input, { title: TITLE, step, totalSteps: 2, placeholder, items, matchOnDescription: true });
  input.buttons = canGoBack ? [vscode.QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const settle = (answer: Item | typeof BACK | null) => {
      resolve(answer);
      input.dispose();
    };
    input.onDidAccept(() => settle(input.selectedItems[0] ?? null));
    input.onDidTriggerButton(() => settle(BACK));
    input.onDidHide(() => settle(null));
    input.show();
  });
}
