/** The catalogue of every fault a person can meet; docs/errors.md is generated from it. */
import type { AdviceCode } from './adviceCodes.ts';

/** Stable code → what it means. Codes are never reused for something else. */
export const ERROR_CODES = {
  'recipe-syntax': 'The recipe is not valid YAML.',
  'recipe-unknown-key': 'A key is not part of the recipe language.',
  'recipe-missing-key': 'A key that has no default is absent.',
  'recipe-wrong-type': 'A value has the wrong type, for example text where a number belongs.',
  'recipe-out-of-range': 'A value has the right type but lies outside what is allowed.',
  'recipe-unknown-param': 'A `$name` has no entry under `params`.',
  'recipe-bad-choice': 'A word is none of the words allowed here.',
  'recipe-layer-name': 'A layer name is used twice, or `inputs` names a layer that does not come before.',
  'recipe-shape': 'A layer cannot take the shape that reaches it.',
  'recipe-loss': 'The loss, the metrics, the last layer and the target do not fit together.',
  'recipe-unreadable': 'The recipe file cannot be read.',
  'recipe-exists': 'A new recipe would go over a file that is there.',
  'recipe-unwritable': 'A new recipe cannot be written.',
  'data-not-found': 'The CSV file does not exist or cannot be read.',
  'data-not-text': 'The CSV file is binary, damaged, or written in another encoding than UTF-8.',
  'data-empty': 'The CSV file has no rows.',
  'data-ragged': 'A CSV row has more or fewer fields than the header.',
  'data-not-a-number': 'A number column holds text.',
  'data-missing-value': 'A field is empty and the recipe does not say what to do with missing values.',
  'data-unknown-column': 'A column named in the recipe is not in the CSV header.',
  'data-unsuited': 'No recipe can be made from the file: it lacks a header, rows, or a column to predict.',
  'data-split': 'The train/test split asks for more rows than there are, or leaves none.',
  'data-too-short': 'A series is too short for its lookback and horizon.',
  'backend-unavailable': 'The backend asked for cannot run here.',
  'backend-unsupported': 'The backend asked for lacks an operation that this model needs for training.',
  'backend-failed':
    'The backend stopped working in the middle of a run: its graphics card was lost or refused a command.',
  'runtime-platform': 'TensorFlow is not published for this platform, or not in the flavour asked for.',
  'runtime-index':
    'The Python package index cannot be used: it does not answer, lacks a file, or has another one of that name.',
  'runtime-download': 'A file of TensorFlow could not be fetched, or is not the one that was published.',
  'runtime-disk': 'There is too little room on the disk, or Skillet cannot write its cache folder.',
  'runtime-busy': 'Another setup is at work in the same cache folder.',
  'runtime-folder': "The folder named as TensorFlow's holds no TensorFlow that can be used here.",
  'runtime-broken': 'The installed TensorFlow is damaged, or does not work on this machine.',
  'run-not-finite': 'A loss, activation or gradient became NaN or infinite.',
  'run-out-of-memory': 'The device has too little memory for a step of this size.',
  'run-folder': 'The run folder cannot be written (read-only, or the disk is full).',
  'run-unreadable': 'A folder is not a run, or its events cannot be read.',
  'run-not-resumable': 'A run cannot be resumed.',
  'run-checkpoint': 'A checkpoint is damaged or belongs to another model.',
  'trainer-died': 'The trainer process ended without a word.',
  untrusted: 'The workspace is not trusted, so nothing is trained in it.',
  'cli-usage': 'A command-line option is unknown or its value cannot be used.',
  internal: 'A fault in Skillet itself.',
} as const satisfies Record<string, string>;

/** Advice is told by the same means as faults, so its codes are of the same kind. */
export type ErrorCode = keyof typeof ERROR_CODES | AdviceCode;
