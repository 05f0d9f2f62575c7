/** A row is predicted from the whole window of rows before it, so that the latest rows are kept from block to block. */
import { applyNetwork } from './applyNetwork.ts';
import { type Answer, decodeAll, encodeBlock, type Fields, type Pass, type PassParts, readBases } from './pass.ts';

export function createWindowPass(
  parts: PassParts,
  { lookback, horizon }: { readonly lookback: number; readonly horizon: number },
): Pass {
  const { encoder, loaded, base, header } = parts;
  const { width } = encoder;
  const skipped = loaded.sidecar.targets.difference ?? 0; // Rows without a change.
  const reach = lookback - 1 + horizon; // From the first row of a window to its target.
  let kept = new Float32Array(); // The latest `reach` rows, or as many as there were.
  const predict = async (rows: Float32Array, bases: readonly (readonly number[])[]) => {
    const count = bases.length;
    const samples = new Float32Array(count * lookback * width);
    for (let i = 0; i < count; i += 1) {
      samples.set(rows.subarray(i * width, (i + lookback) * width), i * lookback * width);
    }
    return count === 0 ? [] : decodeAll(parts, (await applyNetwork(loaded, samples, { count })).values, bases);
  };
  return {
    needed: skipped + lookback,
    gaps: 'without a whole window before',
    async take(block, firstRow) {
      const bases = readBases(parts, block, firstRow);
      const values = encodeBlock(parts, block, firstRow);
      const usable = values.subarray(Math.min(values.length, Math.max(0, skipped - firstRow + 1) * width));
      const rows = new Float32Array(kept.length + usable.length);
      rows.set(kept);
      rows.set(usable, kept.length);
      const count = Math.max(0, rows.length / width - reach);
      kept = rows.slice(count * width);
      const without = block.length - count;
      const predictions = await predict(rows, bases.slice(without));
      return block.map((fields, i) => toAnswer(firstRow + i, fields, predictions[i - without] ?? null));
    },
    async end(rows) {
      const count = Math.max(0, Math.min(horizon, kept.length / width - lookback + 1));
      const first = horizon - count; // Steps whose windows are not whole.
      const bases = Array.from({ length: count }, (_, i) => base.ahead(first + i + 1));
      const predictions = await predict(kept, bases);
      const empty = header.map(() => '');
      return rows === 0 || count === 0
        ? []
        : Array.from({ length: horizon }, (_, i) => ({
            ...toAnswer(rows + i + 1, empty, predictions[i - first] ?? null),
            isAhead: true,
          }));
    },
    dispose: () => undefined,
  };
}

function toAnswer(row: number, fields: Fields, prediction: Answer['prediction']): Answer {
  return { row, fields, prediction, isAhead: false };
}
