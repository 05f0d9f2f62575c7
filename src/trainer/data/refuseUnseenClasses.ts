/** Refuses a class that a network is asked for but never shown. */
import { SkilletError } from '../../common/errors.ts';
import type { DataSettings } from '../../common/recipe/schema.ts';
import type { EncodedTargets } from './encodeTargets.ts';
import type { Samples } from './samples.ts';

/**
 * @param parts Of sequences their steps.
 * @throws {SkilletError} `data-unseen-class`.
 */
export function refuseUnseenClasses(
  { kind, names, columns, classes }: EncodedTargets,
  parts: { readonly train: Samples; readonly validation: Samples | null; readonly test: Samples },
  { sequences }: Pick<DataSettings, 'sequences'>,
): void {
  if (kind !== 'classes') {
    return;
  }
  const [codes] = columns;
  const codesOf = ({ targetRow }: Samples) => Array.from(targetRow, (row) => codes?.[row] ?? 0);
  const known = new Set(codesOf(parts.train));
  const asked = [
    { part: 'test', samples: parts.test },
    { part: 'validation', samples: parts.validation },
  ] as const;
  for (const { part, samples } of asked) {
    const strange = samples === null ? [] : codesOf(samples).filter((code) => !known.has(code));
    const [first] = strange;
    if (first !== undefined) {
      const count = strange.filter((code) => code === first).length;
      const isWhole = sequences !== undefined;
      throw unseen(part, { name: classes?.[first] ?? String(first), count, column: names[0] ?? 'class', isWhole });
    }
  }
}

function unseen(
  part: 'test' | 'validation',
  of: {
    readonly name: string;
    readonly count: number;
    readonly column: string;
    /** Whole sequences are for training or for the test, so that classes cannot be divided. */
    readonly isWhole: boolean;
  },
): SkilletError {
  const rows = of.count === 1 ? `1 ${part} row` : `${of.count} ${part} rows`;
  const message = `The class ${of.name} of ${of.column} occurs in ${rows} but in no training row, so that nothing can be learnt of it.`;
  return part === 'test'
    ? new SkilletError('data-unseen-class', 'data.test', {
        message,
        remedy: of.isWhole
          ? 'Shuffle the sequences (permutation: numpy), or choose other ones with another seed or number.'
          : `Divide each class by itself, with test: { every: 5, by: ${of.column} }, or shuffle the rows (permutation: numpy).`,
      })
    : new SkilletError('data-unseen-class', 'train.validationSplit', {
        message,
        remedy:
          'The validation rows are the last of the training rows: shuffle the rows of the file, or hold out fewer.',
      });
}
