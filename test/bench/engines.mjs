/** Who is measured: each of our backends and each peer, with the process that trains a workload on it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { PEERS } from './pythons.mjs';
import { WORKLOADS } from './recipes.mjs';
import { epochsPerSecond } from './summary.mjs';

/** @typedef {import('./recipes.mjs').WorkloadName} WorkloadName */
/** @typedef {import('./summary.mjs').PeerName} PeerName */
/**
 * The rate is null in a cold run; notices are what the run said about itself.
 *
 * @typedef {{ wallSeconds: number, loss: number, epochsPerSecond: number | null, notices: string[] }} Measurement
 */
/**
 * @typedef {object} Engine
 * @property {string} label
 * @property {PeerName | null} peer
 * @property {(workload: WorkloadName) => string | null} obstacle Why it cannot train the workload at all.
 * @property {(workload: WorkloadName, mode: 'cold' | 'steady') => Measurement} run Throws when the process fails.
 */

/** Exit status of ours.ts where the backend is absent or lacks a layer. */
const ABSENT = 3;

/** Workloads whose data is a file, so that `skillet train` itself is measured. */
const FROM_FILES = /** @type {readonly WorkloadName[]} */ (['boston', 'shampoo']);

/** @param {WorkloadName} workload @param {string} folder Where the suite put recipes and data. */
function dataFile(workload, folder) {
  return path.join(folder, workload === 'boston' ? 'boston_housing.csv' : 'shampoo.csv');
}

/**
 * @param {string} backend
 * @param {{ root: string, folder: string, program: string }} places The project, the recipes' folder, the bundle of ours.ts.
 * @returns {Engine}
 */
export function ourEngine(backend, { root, folder, program }) {
  const runFolder = path.join(folder, 'run');
  const trainArgs = (/** @type {WorkloadName} */ workload, /** @type {number} */ epochs) => {
    const recipe = path.join(folder, `${workload}.recipe.yaml`);
    const how = ['--device', backend, '--epochs', String(epochs), '--run-dir', runFolder, '--quiet'];
    return [path.join(root, 'dist/cli.mjs'), 'train', recipe, ...how];
  };
  return {
    label: `Skillet ${backend}`,
    peer: null,
    obstacle(workload) {
      const args = [program, workload, backend, 'probe'];
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      if (status !== 0 && status !== ABSENT) {
        throw new Error(`${workload} on ${backend}: exit ${status}: ${lastLine(stderr)}`);
      }
      return status === ABSENT ? lastLine(stderr) : null;
    },
    run(workload, mode) {
      const { coldEpochs, steadyEpochs } = WORKLOADS[workload];
      const epochs = mode === 'steady' ? coldEpochs + steadyEpochs : coldEpochs;
      rmSync(runFolder, { recursive: true, force: true });
      const isFromFile = FROM_FILES.includes(workload);
      if (!isFromFile) {
        mkdirSync(runFolder, { recursive: true }); // `skillet train` makes its own.
      }
      const args = isFromFile
        ? trainArgs(workload, epochs)
        : [program, workload, backend, 'train', String(epochs), runFolder];
      const { wallSeconds } = timed(process.execPath, args);
      const events = readEvents(path.join(runFolder, 'events.jsonl'));
      const last = events.findLast(({ type }) => type === 'epochEnd');
      return {
        wallSeconds,
        loss: last?.metrics.loss ?? Number.NaN,
        epochsPerSecond: mode === 'steady' ? epochsPerSecond(events, coldEpochs) : null,
        notices: events.filter(({ type }) => type === 'notice').map(({ message }) => message),
      };
    },
  };
}

/**
 * @param {PeerName} name
 * @param {{ python: string, folder: string }} places
 * @returns {Engine}
 */
export function peerEngine(name, { python, folder }) {
  const script = path.join(import.meta.dirname, 'peers', PEERS[name].script);
  return {
    label: PEERS[name].label,
    peer: name,
    obstacle: () => null,
    run(workload, mode) {
      const { wallSeconds, stdout } = timed(python, [script, workload, mode, dataFile(workload, folder)]);
      const { loss, epochsPerSecond: rate } = JSON.parse(lastLine(stdout));
      return { wallSeconds, loss, epochsPerSecond: rate ?? null, notices: [] };
    },
  };
}

/**
 * Runs a process to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @throws {Error} It failed; with the last line that it printed.
 */
function timed(command, args) {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  const wallSeconds = (performance.now() - start) / 1000;
  if (status !== 0) {
    throw new Error(error?.message ?? `exit ${status}: ${lastLine(stderr)}`);
  }
  return { wallSeconds, stdout };
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}

/** @param {string} file @returns {{ type: string, at: string, epoch?: number, metrics: { loss: number }, message: string }[]} */
function readEvents(file) {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}
