/** Named columns with their scale for an imported network, taken from its training rows, so that raw rows can be fed. */
import { SkilletError } from '../../common/errors.ts';
import type { TrainingRows } from '../../common/model/importMessages.ts';
import type { SidecarInputs } from '../../common/model/sidecar.ts';
import { loadCsv } from '../data/loadCsv.ts';
import { fitScaler } from '../data/scaler.ts';
import { typicalColumns } from '../data/typicalColumns.ts';

/**
 * @param width Numbers of a row, in the order of the file's columns; null where rows are no samples by themselves.
 * @throws {SkilletError} `data-*`: the rows do not fit the network; `import-unsupported`.
 */
export async function namedInputs(
  width: number | null,
  { csvFile, target, scale }: TrainingRows,
): Promise<SidecarInputs> {
  if (width === null) {
    throw new SkilletError('import-unsupported', '--csv', {
      message: 'Columns can be named for a network whose rows are samples by themselves, which this one is not.',
      remedy: 'Leave --csv and --scale out.',
    });
  }
  let features: string[] = [];
  const table = await loadCsv(csvFile, csvFile, (header) => {
    features = chooseFeatures(header, { target, width });
    return features.map((name) => ({ name, kind: 'number' }));
  });
  const rows = Int32Array.from({ length: table.rows }, (_, index) => index);
  const numbers = features.map((name) => {
    const column = table.columns.get(name);
    return column?.kind === 'number' ? Float64Array.from(column.values) : new Float64Array();
  });
  refuseGaps(features, numbers);
  const { kind, offset, factor } = fitScaler(scale, numbers, rows);
  return {
    encoding: 'columns',
    names: features,
    categories: {},
    kind,
    offset: [...offset],
    factor: [...factor],
    columns: typicalColumns(table, { features, time: null }, { rows, means: new Map() }),
    sample: { kind: 'row', shape: [width] },
    time: null,
  };
}

function chooseFeatures(
  header: readonly string[],
  { target, width }: { target: string | null; width: number },
): string[] {
  if (target !== null && !header.includes(target)) {
    throw new SkilletError('data-unknown-column', '--target', {
      message: `"${target}" is not a column of the CSV file.`,
      remedy: `Columns: ${header.join(', ')}.`,
    });
  }
  const features = header.filter((name) => name !== '' && name !== target);
  if (features.length !== width) {
    throw new SkilletError('data-unknown-column', '--csv', {
      message: `has ${features.length} columns${target === null ? '' : ` without ${target}`}, but the network takes ${width} numbers.`,
      remedy: `Give the rows that it was trained on, with the inputs in the order of training${target === null ? ', and name the column to predict with --target' : ''}.`,
    });
  }
  return features;
}

function refuseGaps(features: readonly string[], columns: readonly Float64Array[]): void {
  columns.forEach((values, i) => {
    const row = values.findIndex(Number.isNaN);
    if (row !== -1) {
      throw new SkilletError('data-missing-value', `--csv: column ${features[i]}`, {
        message: `Row ${row + 1} has no value.`,
        remedy: 'Fill the field, or take the row out.',
      });
    }
  });
}
