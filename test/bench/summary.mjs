/** Medians, ratios and verdicts of a workload's measurements. */

/** @typedef {import('./recipes.mjs').WorkloadName} WorkloadName */
/** @typedef {'keras' | 'pytorch' | 'mxnet'} PeerName */
/** @typedef {{ median: number, lowest: number, highest: number }} Spread */
/**
 * All rounds of one engine. Cold in seconds of the whole process; steady in the workload's unit.
 *
 * @typedef {{ label: string, peer: PeerName | null, cold: readonly number[], steady: readonly number[], loss: number }} Measured
 */
/** @typedef {{ measure: 'cold' | 'steady', against: string, wanted: 'ahead' | 'equal', ratio: number }} Miss */
/** @typedef {{ against: string, cold: number, steady: number }} Ratios  Above 1: ours is ahead. */
/** @typedef {{ label: string, peer: PeerName | null, cold: Spread, steady: Spread, loss: number, ratios: Ratios[], misses: Miss[] }} Row */

/**
 * What is wanted of the steady rate against PyTorch; of the others we want to be ahead everywhere.
 *
 * @type {Record<WorkloadName, 'ahead' | 'equal' | null>}
 */
const STEADY_AGAINST_PYTORCH = { boston: 'ahead', mnist: 'ahead', shampoo: 'ahead', lstm: 'equal', cnn: null };

/** @param {readonly number[]} values @throws {RangeError} There are none. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) {
    throw new RangeError('no values have no median');
  }
  return (lower + upper) / 2;
}

/**
 * One row an engine, ours with their ratios and what they miss.
 *
 * @param {WorkloadName} workload
 * @param {readonly Measured[]} measured
 * @returns {Row[]}
 */
export function summarize(workload, measured) {
  const rows = measured.map(({ label, peer, cold, steady, loss }) => ({
    ...{ label, peer, loss },
    cold: toSpread(cold),
    steady: toSpread(steady),
  }));
  const peers = rows.filter(({ peer }) => peer !== null);
  return rows.map((row) => {
    if (row.peer !== null) {
      return { ...row, ratios: [], misses: [] };
    }
    const compared = peers.map((peer) => ({
      peer: peer.peer,
      against: peer.label,
      cold: peer.cold.median / row.cold.median,
      steady: row.steady.median / peer.steady.median,
    }));
    const misses = compared.flatMap((ratios) => missesOf(workload, ratios));
    return { ...row, ratios: compared.map(({ against, cold, steady }) => ({ against, cold, steady })), misses };
  });
}

/**
 * @param {WorkloadName} workload
 * @param {Ratios & { peer: PeerName | null }} ratios
 * @returns {Miss[]}
 */
function missesOf(workload, { peer, against, cold, steady }) {
  const wanted = peer === 'pytorch' ? STEADY_AGAINST_PYTORCH[workload] : 'ahead';
  /** @type {Miss[]} */
  const misses = [];
  if (cold <= 1) {
    misses.push({ measure: 'cold', against, wanted: 'ahead', ratio: cold });
  }
  if ((wanted === 'ahead' && steady <= 1) || (wanted === 'equal' && steady < 1)) {
    misses.push({ measure: 'steady', against, wanted, ratio: steady });
  }
  return misses;
}

/** @param {readonly number[]} values @returns {Spread} */
function toSpread(values) {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/**
 * Engines that did not train the same problem: a last loss three times as large or small as the others', and not by a trifle.
 *
 * @param {readonly Pick<Row, 'label' | 'loss'>[]} rows
 * @param {number} startLoss Of an untrained network.
 */
export function findStrangeLosses(rows, startLoss) {
  const middle = median(rows.map(({ loss }) => loss));
  const trifle = 0.02 * startLoss;
  return rows.filter(({ loss }) => !(loss <= 3 * middle + trifle && loss >= middle / 3 - trifle));
}

/**
 * Epochs a second after the first `warmUp` ones, from the times at which a run's epochs ended.
 *
 * @param {readonly { type: string, at: string, epoch?: number }[]} events
 * @param {number} warmUp
 * @throws {Error} The run has no epoch after them.
 */
export function epochsPerSecond(events, warmUp) {
  const ends = events.filter(({ type }) => type === 'epochEnd');
  const from = ends.find(({ epoch }) => epoch === warmUp);
  const to = ends.at(-1);
  const epochs = (to?.epoch ?? 0) - warmUp;
  if (from === undefined || to === undefined || epochs < 1) {
    throw new Error(`the run has ${ends.length} epochs, of which none follows the ${warmUp} that warm up`);
  }
  return (1000 * epochs) / (Date.parse(to.at) - Date.parse(from.at));
}
