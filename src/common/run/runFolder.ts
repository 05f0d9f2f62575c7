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
  /** What a forked run begins with: see `fork.ts`. */
  fork: 'fork',
  /** Room that a trainer keeps while it works. */
  reserve: '.reserve',
  /** Star, tags and note: the one file in it that a person changes. */
  annotations: 'annotations.json',
} as const;

/** Runs of a recipe live beside it, in this folder below the recipe's own. */
export const RUNS_FOLDER = '.skillet/runs';
