/** Keras's usual GRU, which resets after its recurrent product, as the layer of Skillet's own that computes it. */
import { SkilletError } from '../../common/errors.ts';
import type { LayerSpec, ModelSpec } from './modelSpec.ts';

/** The class that src/trainer/model/resetAfterGru.ts registers. */
const CELL = 'ResetAfterGRUCell';

/** What the cell computes and cannot be told otherwise. */
const FIXED = { activation: 'tanh', recurrent_activation: 'sigmoid', use_bias: true };

/** @throws {SkilletError} `model-unsupported`. */
export function toOwnLayers(spec: ModelSpec): ModelSpec {
  return { ...spec, layers: spec.layers.map((layer) => (isResetAfter(layer) ? toCell(layer) : layer)) };
}

const isResetAfter = ({ className, config }: LayerSpec) => className === 'GRU' && config.reset_after === true;

function toCell({ name, config, inputs }: LayerSpec): LayerSpec {
  for (const [key, wanted] of Object.entries(FIXED)) {
    const value = config[key] ?? wanted;
    if (value !== wanted) {
      throw new SkilletError('model-unsupported', name, {
        message: `has ${key} = ${JSON.stringify(value)} beside reset_after = true.`,
        remedy: `Only ${key} = ${JSON.stringify(wanted)} carries over there; with reset_after=False others do too.`,
      });
    }
  }
  const cell = { class_name: CELL, config: { name: `${name}_cell`, units: config.units } };
  return { className: 'RNN', name, config: { cell, return_sequences: config.return_sequences ?? false }, inputs };
}

/** The settings of Keras's GRU for such a layer of a saved network; null for any other. */
export function fromOwnLayer(
  className: string,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | null {
  const cell = config.cell as { class_name?: unknown; config?: { units?: unknown } } | undefined;
  return className === 'RNN' && cell?.class_name === CELL
    ? { ...FIXED, units: cell.config?.units, return_sequences: config.return_sequences ?? false, reset_after: true }
    : null;
}
