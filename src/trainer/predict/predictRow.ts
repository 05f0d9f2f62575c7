/** Predicts one row that a person typed. */
import { SkilletError } from '../../common/errors.ts';
import type { Prediction } from '../../common/model/predictMessages.ts';
import { applyNetwork, countCodes, refuseCodes } from './applyNetwork.ts';
import { decodeOutputs } from './decodeOutputs.ts';
import { viewModel } from './modelView.ts';
import type { LoadedModel } from './readModelFolder.ts';
import { createRowEncoder } from './rowEncoder.ts';

/**
 * @param fields By the names of the form.
 * @throws {SkilletError} As a row of a file would be refused; `data-too-short` where one row is not enough.
 */
export async function predictRow(loaded: LoadedModel, fields: Readonly<Record<string, string>>): Promise<Prediction> {
  const { inputs } = loaded.sidecar;
  const form = viewModel(loaded.folder, loaded.sidecar).form;
  if (form === null) {
    throw new SkilletError('data-too-short', 'row', {
      message: 'One row does not make an input of this network.',
      remedy: 'Predict a CSV file.',
    });
  }
  const header = form.map(({ name }) => name);
  const encoder = createRowEncoder(inputs, header, 'row');
  const values = new Float32Array(encoder.width);
  // In the order of the form, and trimmed as the fields of a file are.
  encoder.encode(
    header.map((name) => (Object.hasOwn(fields, name) ? (fields[name] ?? '') : '').trim()),
    1,
    values,
    0,
  );
  const codes = countCodes(loaded.model);
  if (codes !== null) {
    refuseCodes(values, codes, 1);
  }
  const applied = await applyNetwork(loaded, values, { count: 1 });
  return decodeOutputs(loaded.sidecar, applied.values);
}
