/** Rows with the same value in a column are one sequence, which goes through the network whole. */
import { SkilletError } from '../../common/errors.ts';
import type { Sample } from '../../common/model/sidecar.ts';
import { applyNetwork } from './applyNetwork.ts';
import { findColumn } from './findColumn.ts';
import { type Answer, decodeAll, encodeBlock, type Fields, type Pass, type PassParts, readBases } from './pass.ts';

type Grouping = Pick<Extract<Sample, { kind: 'sequence' }>, 'by' | 'output'>;

const GAPS = {
  next: 'at the beginning of a sequence',
  each: '',
  last: 'before the end of a sequence',
} as const;

export function createSequencePass(parts: PassParts, { by, output }: Grouping): Pass {
  const { header, file } = parts;
  const column = findColumn(by, header, file, 'it marks the sequences');
  const seen = new Set<string>();
  let current: Fields[] = [];
  const finish = async (firstRow: number): Promise<Answer[]> => {
    const rows = current;
    current = [];
    return rows.length === 0 ? [] : predictSequence(parts, { rows, firstRow, column, output });
  };
  return {
    needed: 1,
    gaps: GAPS[output],
    async take(block, firstRow) {
      const answers: Answer[] = [];
      for (const [i, fields] of block.entries()) {
        const name = fields[column] ?? '';
        if (current.length === 0 || current[0]?.[column] !== name) {
          answers.push(...(await finish(firstRow + i - current.length)));
          refuseScattered(seen, name, { by, file, row: firstRow + i });
          seen.add(name);
        }
        current.push(fields);
      }
      return answers;
    },
    end: (rows) => finish(rows - current.length + 1),
    dispose: () => undefined,
  };
}

function refuseScattered(
  seen: ReadonlySet<string>,
  name: string,
  { by, file, row }: { readonly by: string; readonly file: string; readonly row: number },
): void {
  if (seen.has(name)) {
    throw new SkilletError('data-sequences', `${file}: column ${by}`, {
      message: `Row ${row} goes on with the sequence ${by} = ${name}, which had ended before.`,
      remedy: `Sort the file so that the rows of each ${by} stand together, the oldest first.`,
    });
  }
}

interface Sequence extends Pick<Grouping, 'output'> {
  readonly rows: readonly Fields[];
  readonly firstRow: number;
  readonly column: number;
}

async function predictSequence(parts: PassParts, { rows, firstRow, column, output }: Sequence): Promise<Answer[]> {
  const values = encodeBlock(parts, rows, firstRow);
  const applied = await applyNetwork(parts.loaded, values, { count: rows.length });
  const predictions = decodeAll(parts, applied.values, readBases(parts, rows, firstRow));
  const last = rows.length - 1;
  const at = (i: number) => (output === 'next' ? i - 1 : output === 'each' || i === last ? i : -1);
  const answers = rows.map(
    (fields, i): Answer => ({ row: firstRow + i, fields, prediction: predictions[at(i)] ?? null, isAhead: false }),
  );
  if (output !== 'next') {
    return answers;
  }
  const fields = (rows[last] ?? []).map((field, i) => (i === column ? field : ''));
  return [...answers, { row: null, fields, prediction: predictions[last] ?? null, isAhead: true }];
}
