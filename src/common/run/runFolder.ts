/** Names of the files in a run folder. */
export const RUN_FILES = {
  recipe: 'recipe.yaml',
  events: 'events.jsonl',
  control: 'control.jsonl',
  /** Of the trainer that works in the folder. */
  lock: 'trainer.lock',
  /** Output of the trainer process itself, for the case that it dies without a word. */
  log: 'trainer.log',
  checkpoints: 'checkpoints',
  model: 'model',
} as const;

/** Runs of a recipe live beside it, in this folder below the recipe's own. */
export const RUNS_FOLDER = '.skillet/runs';
