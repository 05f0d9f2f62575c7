/** Short questions one after the other, each with its number and a way back. */
import * as vscode from 'vscode';

export interface StepPlace {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** `back`: to the question before; undefined: given up. */
export type StepAnswer<T> = { readonly value: T } | 'back' | undefined;

export interface PickItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface PickStep<T> {
  readonly placeholder: string;
  readonly items: Promise<readonly PickItem<T>[]> | readonly PickItem<T>[];
  /** The one that is in front at first. */
  isChosen?(value: T): boolean;
  /** Makes an answer of what was typed where no item has it. */
  fromText?(text: string): T | null;
}

export function pickStep<T>(place: StepPlace, step: PickStep<T>): Promise<StepAnswer<T>> {
  const pick = vscode.window.createQuickPick<PickItem<T>>();
  Object.assign(pick, place, {
    placeholder: step.placeholder,
    matchOnDescription: true,
    ignoreFocusOut: true,
    busy: true,
  });
  pick.buttons = place.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  void Promise.resolve(step.items).then(
    (items) => {
      pick.items = items;
      const chosen = items.filter(({ value }) => step.isChosen?.(value) === true).slice(0, 1);
      if (chosen.length > 0) {
        pick.activeItems = chosen; // Else the first one is, as ever.
      }
      pick.busy = false;
    },
    (error: unknown) => {
      pick.busy = false;
      pick.placeholder = error instanceof Error ? error.message : String(error);
    },
  );
  return answer(pick, () => {
    const [item] = pick.selectedItems;
    const typed = item === undefined && pick.value !== '' ? (step.fromText?.(pick.value.trim()) ?? null) : null;
    return item === undefined ? (typed === null ? null : { value: typed }) : { value: item.value };
  });
}

export interface InputStep {
  readonly prompt: string;
  readonly placeholder: string;
  readonly value: string;
  /** What is wrong with it, in a sentence; null when nothing is. */
  check(text: string): string | null;
}

export function inputStep(place: StepPlace, step: InputStep): Promise<StepAnswer<string>> {
  const input = vscode.window.createInputBox();
  const { prompt, placeholder, value } = step;
  Object.assign(input, place, { prompt, placeholder, value, ignoreFocusOut: true });
  input.buttons = place.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  input.onDidChangeValue(() => {
    input.validationMessage = undefined;
  });
  return answer(input, () => {
    const wrong = step.check(input.value.trim());
    input.validationMessage = wrong ?? undefined;
    return wrong === null ? { value: input.value.trim() } : null;
  });
}

/** @param accept Null where the answer is none yet, so that the question stays. */
function answer<T>(
  asking: vscode.QuickPick<PickItem<T>> | vscode.InputBox,
  accept: () => { readonly value: T } | null,
): Promise<StepAnswer<T>> {
  return new Promise((resolve) => {
    const end = (given: StepAnswer<T>) => {
      resolve(given);
      asking.dispose();
    };
    asking.onDidAccept(() => {
      const given = accept();
      if (given !== null) {
        end(given);
      }
    });
    asking.onDidTriggerButton((button) => (button === vscode.QuickInputButtons.Back ? end('back') : undefined));
    asking.onDidHide(() => end(undefined));
    asking.show();
  });
}

/** A question: its place, and what was answered so far; gives what it adds. */
export type Step<Answers> = (place: StepPlace, answers: Partial<Answers>) => Promise<StepAnswer<Partial<Answers>>>;

/** @returns Null where a person gave up. */
export async function askSteps<Answers>(
  title: string,
  steps: readonly Step<Answers>[],
  known: Partial<Answers>,
): Promise<Partial<Answers> | null> {
  let answers = known;
  for (let at = 0; at < steps.length; ) {
    const given = await steps[at]?.({ title, step: at + 1, totalSteps: steps.length }, answers);
    if (given === undefined) {
      return null;
    }
    if (given === 'back') {
      at -= 1;
    } else {
      answers = { ...answers, ...given.value };
      at += 1;
    }
  }
  return answers;
}
