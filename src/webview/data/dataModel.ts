/** All that the page of a data file knows and what was chosen on it, folded from messages and clicks. */
import type { DataProfile } from '../../common/data/profile.ts';
import type { ToDataPage } from '../../common/dataMessages.ts';
import {
  type Blocker,
  canLearnFrom,
  findBlockers,
  type RecipeChoices,
  suggestChoices,
  suggestLeaveOut,
  suggestTask,
  type Task,
  targetsOf,
  tasksOf,
} from '../../common/recipe/suggestChoices.ts';

export interface DataModel {
  /** Whole path; null before the first message. */
  readonly file: string | null;
  readonly isReading: boolean;
  /** Share of the file that is read. */
  readonly share: number;
  readonly profile: DataProfile | null;
  readonly blockers: readonly Blocker[];
  /** Null where nothing can be predicted. */
  readonly choices: RecipeChoices | null;
  readonly failure: Blocker | null;
  /** The recipe that was made last. */
  readonly created: string | null;
}

export const emptyData: DataModel = {
  file: null,
  isReading: true,
  share: 0,
  profile: null,
  blockers: [],
  choices: null,
  failure: null,
  created: null,
};

/** @param kept What was chosen before the page was hidden; taken up where it still fits the file. */
export function receive(model: DataModel, message: ToDataPage, kept: RecipeChoices | null): DataModel {
  switch (message.type) {
    case 'reading':
      return { ...model, file: message.file, isReading: true, share: 0, failure: null, created: null };
    case 'progress':
      return { ...model, share: message.share };
    case 'profile': {
      const { profile, csv } = message;
      const before = model.choices ?? kept;
      const fits = before !== null && targetsOf(profile).some(({ name }) => name === before.target);
      const choices =
        fits && tasksOf(profile, before.target).includes(before.task)
          ? { ...before, csv }
          : targetsOf(profile).length === 0
            ? null
            : suggestChoices(profile, csv);
      return { ...model, isReading: false, share: 1, profile, blockers: findBlockers(profile), choices };
    }
    case 'failed':
      return { ...model, isReading: false, failure: { message: message.message, remedy: message.remedy } };
    case 'created':
      return { ...model, created: message.file, failure: null };
  }
}

/** Another target is another task, and makes other columns useless. */
export function withTarget(profile: DataProfile, choices: RecipeChoices, target: string): RecipeChoices {
  return {
    ...choices,
    target,
    task: suggestTask(profile, target).value,
    leaveOut: [...suggestLeaveOut(profile, target).keys()],
  };
}

export function withTask(choices: RecipeChoices, task: Task): RecipeChoices {
  return { ...choices, task };
}

export function toggleColumn(choices: RecipeChoices, name: string): RecipeChoices {
  const leaveOut = choices.leaveOut.includes(name)
    ? choices.leaveOut.filter((one) => one !== name)
    : [...choices.leaveOut, name];
  return { ...choices, leaveOut };
}

/** What is left to learn from; a forecast always has the target's own past. */
export function hasInputs(profile: DataProfile, { target, task, leaveOut }: RecipeChoices): boolean {
  const time = profile.columns.find(({ type }) => type === 'time');
  return (
    task === 'forecast' ||
    profile.columns.some(
      (column) => canLearnFrom(column) && column.name !== target && column !== time && !leaveOut.includes(column.name),
    )
  );
}
