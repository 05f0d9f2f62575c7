/** All that the page of a study knows, folded from what it is told. */
import type { Problem } from '../../common/errors.ts';
import type { ParamValue } from '../../common/recipe/params.ts';
import {
  emptyStudy,
  reduceStudy,
  type StudyState,
  type StudyStatus,
  type TrialState,
} from '../../common/study/reduceStudy.ts';
import type { StudyRecipe, ToStudyPage } from '../../common/studyMessages.ts';

export interface StudyModel {
  studyFolder: string | null;
  study: StudyState;
  /** Whether the study's process lives; null until the extension has said. */
  isAlive: boolean | null;
  isPaused: boolean;
  /** Epochs done by trials under way, by number. */
  epochs: Readonly<Record<number, number>>;
  recipe: StudyRecipe | null;
  /** Why the last wish was turned away. */
  refused: readonly Problem[];
}

export function emptyModel(): StudyModel {
  return {
    studyFolder: null,
    study: emptyStudy(),
    isAlive: null,
    isPaused: false,
    epochs: {},
    recipe: null,
    refused: [],
  };
}

/** Takes up a message in place. */
export function receive(model: StudyModel, message: ToStudyPage): void {
  switch (message.type) {
    case 'study':
      model.studyFolder = message.studyFolder;
      model.study = emptyStudy();
      model.isAlive = null;
      model.isPaused = false;
      model.epochs = {};
      model.refused = [];
      break;
    case 'events':
      for (const event of message.events) {
        reduceStudy(model.study, event);
      }
      break;
    case 'process':
      model.isAlive = message.alive;
      model.isPaused = message.paused;
      break;
    case 'epochs':
      model.epochs = message.epochs;
      break;
    case 'recipe':
      model.recipe = message.recipe;
      break;
    case 'refused':
      model.refused = message.problems;
      break;
  }
}

export type ShownStudyStatus = StudyStatus | 'paused' | 'interrupted';

/** A study without an end whose process is gone was interrupted; nobody had to write that down. */
export function statusOf({ study, isAlive, isPaused }: StudyModel): ShownStudyStatus {
  if (study.end !== null) {
    return study.status;
  }
  return isAlive === false ? 'interrupted' : isPaused ? 'paused' : study.status;
}

export type ShownTrialStatus = TrialState['status'] | 'interrupted';

/** A trial still under way when the study is over or broken off was cut short with it. */
export function trialStatus({ status }: TrialState, study: ShownStudyStatus): ShownTrialStatus {
  const isOver = study !== 'running' && study !== 'paused' && study !== 'starting';
  return status === 'running' && isOver ? 'interrupted' : status;
}

/** Whether the recipe holds the trial's values now. */
export function isInRecipe(trial: TrialState, params: Readonly<Record<string, ParamValue>> | null): boolean {
  return params !== null && Object.entries(trial.params).every(([name, value]) => params[name] === value);
}
