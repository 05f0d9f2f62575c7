/** All rounds of one workload. */
import { WORKLOADS } from './recipes.mjs';
import { formatRate } from './report.mjs';
import { findStrangeLosses, summarize } from './summary.mjs';

/** @typedef {import('./engines.mjs').Engine} Engine */
/** @typedef {import('./recipes.mjs').WorkloadName} WorkloadName */
/** @typedef {import('./report.mjs').Section} Section */
/** @typedef {import('./summary.mjs').Measured} Measured */

/** Others may use so much of the processor before the numbers say less. */
const BUSY = 0.1;

/**
 * The engines take turns within each round, so that a slow minute of the machine meets them all.
 * One that fails is left out of the workload whole, saying so.
 *
 * @param {WorkloadName} name
 * @param {readonly Engine[]} engines
 * @param {{ rounds: number, busy: () => number, report: (line: string) => void }} options `busy`: the share of the processor that others use.
 * @returns {Section & { hasFailed: boolean }}
 */
export function measureWorkload(name, engines, { rounds, busy, report }) {
  const workload = WORKLOADS[name];
  const checked = engines.map((engine) => ({ engine, obstacle: engine.obstacle(name) }));
  const absent = checked.filter(({ obstacle }) => obstacle !== null);
  const notes = new Set(absent.map(({ engine, obstacle }) => `${engine.label} left out: ${obstacle}`));
  const failed = new Set();
  /** @type {Map<string, Measured>} */
  const measured = new Map();
  let busiest = 0;
  for (let round = 1; round <= rounds; round += 1) {
    busiest = Math.max(busiest, busy());
    for (const { engine } of checked.filter(
      ({ engine: { label }, obstacle }) => obstacle === null && !failed.has(label),
    )) {
      const { label } = engine;
      try {
        const { cold, steady, loss, notices } = measureOnce(name, engine);
        const before = measured.get(label) ?? { cold: [], steady: [] };
        const all = { cold: [...before.cold, cold], steady: [...before.steady, steady] };
        measured.set(label, { label, peer: engine.peer, loss, ...all });
        for (const notice of notices) {
          notes.add(`${label} said: ${notice}`);
        }
        const rate = `${formatRate(steady)} ${workload.rateUnit}`;
        report(`${name} ${round}/${rounds}  ${label.padEnd(24)} ${cold.toFixed(2).padStart(7)} s  ${rate}`);
      } catch (error) {
        failed.add(label);
        measured.delete(label);
        const why = error instanceof Error ? error.message : String(error);
        notes.add(`${label} left out: it failed in round ${round}: ${why}`);
      }
    }
  }
  if (busiest > BUSY) {
    const percent = Math.round(100 * busiest);
    notes.add(
      `**Busy machine**: other programs used up to ${percent} % of it, which slows engines of many threads most.`,
    );
  }
  const rows = summarize(name, [...measured.values()]);
  for (const { label, loss } of rows.length === 0 ? [] : findStrangeLosses(rows, workload.startLoss)) {
    notes.add(`${label} ended at a loss of ${loss.toPrecision(3)}, far from the others.`);
  }
  return { workload, rows, notes: [...notes], hasFailed: failed.size > 0 };
}

/**
 * A cold process, and another one for the steady rate.
 *
 * @param {WorkloadName} name
 * @param {Engine} engine
 * @throws {Error} A process failed or told no rate.
 */
function measureOnce(name, engine) {
  const { samples, batchSize, rateUnit } = WORKLOADS[name];
  const cold = engine.run(name, 'cold').wallSeconds;
  const { epochsPerSecond, loss, notices } = engine.run(name, 'steady');
  if (epochsPerSecond === null || !Number.isFinite(epochsPerSecond)) {
    throw new Error(`no rate: ${epochsPerSecond}`);
  }
  const perEpoch = rateUnit === 'samples/s' ? samples : Math.ceil(samples / batchSize);
  return { cold, steady: epochsPerSecond * perEpoch, loss, notices };
}
