/** Says in words what a saved model is, and which fields its form has. */
import { formatShape } from '../../common/format.ts';
import type { FormField, ModelView } from '../../common/model/predictMessages.ts';
import type { ColumnInputs, InputColumn, Sidecar, SidecarInputs } from '../../common/model/sidecar.ts';

/** More fields than this make no form that a person would fill in. */
const MOST_FIELDS = 40;

export function viewModel(folder: string, sidecar: Sidecar): ModelView {
  const { name, graph, inputs, targets } = sidecar;
  return {
    name,
    folder,
    origin: originOf(sidecar),
    needs: needsOf(inputs),
    graph,
    form: formOf(inputs),
    targets: targets.names,
    unit: targets.unit ?? null,
  };
}

function originOf({ source }: Sidecar): string {
  const from = source.files.length === 0 ? '' : ` from ${source.files.join(' and ')}`;
  return source.kind === 'run' ? `Trained by Skillet${from}.` : `Imported${from} (${source.kind}).`;
}

function needsOf(inputs: SidecarInputs): string {
  switch (inputs.encoding) {
    case 'columns':
      return needsOfColumns(inputs);
    case 'texts':
      return `A row needs a text in ${inputs.column}.`;
    case 'positions':
      return `A row needs ${inputs.shape.reduce((product, length) => product * length, 1)} numbers in the order of training, of the shape ${formatShape(inputs.shape)}, already scaled.`;
    case 'steps':
      return `Rows are the time steps of one sequence, each of ${inputs.width} ${inputs.codes ? 'code' : 'number'}${inputs.width === 1 ? '' : 's'}; the network's state goes from row to row.`;
  }
}

function needsOfColumns({ columns, sample, time }: ColumnInputs): string {
  const names = columns.map(({ name }) => name);
  const shown = names.length > 15 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
  const order = time === null || names.includes(time) ? '' : `, and ${time} to tell their order`;
  switch (sample.kind) {
    case 'row':
      return sample.shape.length === 1
        ? `A row needs ${shown}.`
        : `A row is an image of ${sample.shape.join(' × ')}, pixel by pixel in ${shown}.`;
    case 'window':
      return `Each prediction looks back over ${sample.lookback} rows of ${shown}${order}, the oldest first.`;
    case 'series':
      return `Rows are the steps of one series, the oldest first, with ${shown}${order}; each tells the next, and the network's state goes from row to row.`;
    case 'sequence':
      return `Rows with the same ${sample.by} are one sequence and stand together, the oldest first, with ${shown}${order}.`;
  }
}

function formOf(inputs: SidecarInputs): FormField[] | null {
  switch (inputs.encoding) {
    case 'columns':
      return inputs.sample.kind !== 'row' || inputs.columns.length > MOST_FIELDS
        ? null
        : inputs.columns.map(columnField);
    case 'texts':
      return [{ kind: 'text', name: inputs.column, typical: inputs.example ?? '' }];
    case 'positions': {
      const [width = 0, ...more] = inputs.shape;
      return more.length > 0 || width > MOST_FIELDS
        ? null
        : Array.from({ length: width }, (_, i) => ({ kind: 'number', name: `x${i + 1}`, typical: '0' }));
    }
    case 'steps':
      return null;
  }
}

function columnField(column: InputColumn): FormField {
  if (column.kind === 'category') {
    const { name, categories } = column;
    return { kind: 'category', name, categories, typical: column.typical ?? categories[0] ?? '' };
  }
  return { kind: 'number', name: column.name, typical: column.typical === null ? '' : toText(column) };
}

/** Dates are kept as milliseconds. */
function toText({ kind, typical }: { kind: 'number' | 'time'; typical: number | null }): string {
  const isDate = kind === 'time' && Math.abs(typical ?? 0) > 1e9;
  return isDate ? new Date(typical ?? 0).toISOString().slice(0, 10) : String(Number((typical ?? 0).toPrecision(7)));
}
