/** The catalogue of advice: what trains, but probably not as it was meant. docs/errors.md is generated from it. */

/** Stable code → what it means. A recipe's comment `# skillet: ignore <code>` switches one off. */
export const ADVICE_CODES = {
  'inputs-unscaled': 'Inputs are large, or of very different size, and are not scaled.',
  'target-unscaled': 'The target is large and not scaled, so that the first steps are far too big or too small.',
  'output-range': 'The last activation cannot give all values that the target has.',
  'batch-too-large': 'A batch holds more rows than there are to train on.',
  'series-too-short': 'The series is too short for its lookback and horizon; the run will be refused.',
  'overlapping-windows': 'Every window of the test begins among the training rows.',
  'shuffled-series': 'Rows follow each other in time, but the test rows are drawn at random.',
  'target-twin': 'An input says the same as the target.',
  'too-many-parameters': 'The network has far more weights than there are rows, and nothing holds it back.',
  'imbalanced-classes': 'Nearly all rows are of one class, and only the accuracy is measured.',
  'many-words': 'A column of words has too many different ones to learn from.',
  'words-as-numbers': 'A column of words is used as numbers; the run will be refused.',
  'unknown-column': 'A column that the recipe names is not in the file; the run will be refused.',
  'constant-column': 'An input never varies.',
  'id-column': 'An input only tells rows apart.',
  'missing-values': 'Values are missing, and the recipe refuses them or cannot fill them; the run will be refused.',
  'learning-rate-high': 'The learning rate is unusually high for the optimizer.',
  'stopping-on-training': 'Early stopping watches the training rows, on which a network nearly always gains.',
  'small-test': 'The test has so few rows that its result is largely chance.',
  'dead-dropout': 'Dropout after the last weights sets predictions to zero.',
  'linear-stack': 'Two layers without an activation between them can do no more than one.',
} as const satisfies Record<string, string>;

export type AdviceCode = keyof typeof ADVICE_CODES;
