/** Each row is a sample by itself, or a step whose state the network takes and gives back. */
import { applyNetwork, type CarriedState } from './applyNetwork.ts';
import { decodeAll, encodeBlock, type Pass, type PassParts, readBases } from './pass.ts';

export function createRowPass(parts: PassParts): Pass {
  let state: CarriedState = null;
  return {
    needed: 1,
    gaps: '',
    async take(block, firstRow) {
      const values = encodeBlock(parts, block, firstRow);
      const applied = await applyNetwork(parts.loaded, values, { count: block.length, state });
      ({ state } = applied);
      const predictions = decodeAll(parts, applied.values, readBases(parts, block, firstRow));
      return block.map((fields, i) => ({
        row: firstRow + i,
        fields,
        prediction: predictions[i] ?? null,
        isAhead: false,
      }));
    },
    end: async () => [],
    dispose: () => undefined,
  };
}
