/** The sidecar of an imported network: how its rows are fed, and what its outputs mean. */
import { SkilletError } from '../../common/errors.ts';
import type { ImportRequest } from '../../common/model/importMessages.ts';
import { SCALE_RULE, SIDECAR_VERSION, type Sidecar, type SidecarInputs } from '../../common/model/sidecar.ts';
import { loadCsv } from '../data/loadCsv.ts';
import { fitScaler } from '../data/scaler.ts';
import { typicalColumns } from '../data/typicalColumns.ts';
import type { Converted } from './convert.ts';

export interface ImportNames {
  readonly name: string;
  /** Names of the files that it comes from. */
  readonly files: readonly string[];
}

/** @throws {SkilletError} `data-*`: the training rows do not fit the network. */
export async function describeImport(
  converted: Converted,
  names: ImportNames,
  training: ImportRequest['training'],
): Promise<Sidecar> {
  const inputs = training === null ? plainInputs(converted) : await trainedInputs(converted, training);
  return {
    version: SIDECAR_VERSION,
    name: names.name,
    source: { kind: 'mxnet', files: [...names.files] },
    inputs,
    targets: targetsOf(converted, training?.target ?? null),
    states: converted.states.map((state) => ({ ...state })),
    graph: {
      nodes: converted.graph.nodes.map((node) => ({ ...withoutPlace(node), outputShape: [...node.outputShape] })),
      edges: converted.graph.edges.map((edge) => ({ ...edge, shape: [...edge.shape] })),
    },
    rule: SCALE_RULE,
  };
}

const withoutPlace = ({ recipePath: _, ...node }: Converted['graph']['nodes'][number]) => node;

function plainInputs({ input, states }: Converted): SidecarInputs {
  if (states.length > 0 || input.codes) {
    return { encoding: 'steps', width: input.codes ? 1 : (input.shape[1] ?? 1), codes: input.codes };
  }
  return { encoding: 'positions', shape: input.shape.map((size) => size ?? 1) };
}

/** Named columns with their scale, so that raw rows can be fed. */
async function trainedInputs(
  { input, states }: Converted,
  { csvFile, target, scale }: NonNullable<ImportRequest['training']>,
): Promise<SidecarInputs> {
  const [width] = input.shape;
  if (input.shape.length !== 1 || width == null || states.length > 0) {
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

/** A softmax tells classes, and a single logistic output two; their names are numbers, since a checkpoint has no others. */
function targetsOf({ head, outputs }: Converted, target: string | null): Sidecar['targets'] {
  const plain = (count: number) => ({
    kind: 'none' as const,
    offset: Array(count).fill(0),
    factor: Array(count).fill(1),
  });
  const isOverClasses = head.op === 'SoftmaxOutput' || (head.op === 'LogisticRegressionOutput' && outputs === 1);
  if (isOverClasses) {
    const classes = Array.from({ length: Math.max(2, outputs) }, (_, code) => String(code));
    return { names: [target ?? 'class'], classes, ...plain(1) };
  }
  const names = outputs === 1 ? [target ?? 'output'] : Array.from({ length: outputs }, (_, i) => `output${i + 1}`);
  return { names, classes: null, ...plain(outputs) };
}
