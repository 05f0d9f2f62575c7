/** All rows are the steps of one series: at each the network says the next, its state carried from row to row. */
import { joinFloats } from '../data/joinFloats.ts';
import { createStatefulRun } from '../model/statefulRun.ts';
import { decodeAll, encodeBlock, type Pass, type PassParts, readBases } from './pass.ts';

export function createSeriesPass(parts: PassParts): Pass {
  const { loaded, encoder, base, header } = parts;
  const { width } = encoder;
  const run = createStatefulRun(loaded.model, width);
  const skipped = loaded.sidecar.targets.difference ?? 0; // Rows without a change.
  let said: Float32Array = new Float32Array(); // Of the row to come; empty before the first step.
  return {
    needed: skipped + 1,
    gaps: 'without a row before',
    async take(block, firstRow) {
      const bases = readBases(parts, block, firstRow);
      const values = encodeBlock(parts, block, firstRow);
      const usable = values.subarray(Math.min(values.length, Math.max(0, skipped - firstRow + 1) * width));
      const steps = usable.length / width;
      const outputs = steps === 0 ? said : joinFloats([said, await run.run(usable)]);
      const known = said.length === 0 ? 0 : 1;
      const wide = steps + known === 0 ? 0 : outputs.length / (steps + known);
      const told = outputs.subarray(0, outputs.length - wide);
      said = outputs.slice(outputs.length - wide);
      const count = wide === 0 ? 0 : told.length / wide;
      const without = block.length - count;
      const predictions = decodeAll(parts, told, bases.slice(without));
      return block.map((fields, i) => ({
        row: firstRow + i,
        fields,
        prediction: predictions[i - without] ?? null,
        isAhead: false,
      }));
    },
    async end(rows) {
      const [prediction = null] = said.length === 0 ? [] : decodeAll(parts, said, [base.ahead(1)]);
      return prediction === null ? [] : [{ row: rows + 1, fields: header.map(() => ''), prediction, isAhead: true }];
    },
    dispose: run.dispose,
  };
}
