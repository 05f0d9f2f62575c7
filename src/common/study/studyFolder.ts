/** Names of the files in a study's folder. */
export const STUDY_FILES = {
  /** What was asked for, `tune:` included, with the options of the command filled in. */
  recipe: 'recipe.yaml',
  events: 'study.jsonl',
  control: 'control.jsonl',
  /** Output of the study's process itself, for the case that it dies without a word. */
  log: 'study.log',
  /** A run folder for each trial. */
  trials: 'trials',
  /** The cloud's own settings, where the study was started from them: as they were, with all that only a cloud needs. */
  cloud: 'cloudml_tuning.yml',
} as const;

/** Studies of a recipe live beside it, in this folder below the recipe's own. */
export const STUDIES_FOLDER = '.skillet/studies';

/** A trial's run folder, below the study's: `trials/0001`. */
export function trialFolder(trial: number): string {
  return `${STUDY_FILES.trials}/${String(trial).padStart(4, '0')}`;
}

/** One line of `control.jsonl`. */
export interface StudyCommand {
  readonly type: 'stop' | 'pause' | 'resume';
  readonly at: string;
}
