/**
 * `npm run bench`: the same five workloads on our backends and on Keras, PyTorch and MXNet.
 *
 * Usage: npm run bench -- [--rounds 5] [--only boston,lstm] [--peers keras,mxnet | none] [--backends tensorflow-cpu,wasm] [--write]
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build as bundle } from 'esbuild';
import { build, nodeModule, withMode } from '../../scripts/build.mjs';
import { root } from '../../scripts/host/paths.mjs';
import { ourEngine, peerEngine } from './engines.mjs';
import { describeMachine } from './machine.mjs';
import { PEERS, preparePython } from './pythons.mjs';
import { recipeText, shampooCsv, WORKLOADS } from './recipes.mjs';
import { formatPage, formatRate, formatSection } from './report.mjs';
import { findStrangeLosses, summarize } from './summary.mjs';

/** @typedef {import('./engines.mjs').Engine} Engine */
/** @typedef {import('./recipes.mjs').WorkloadName} WorkloadName */
/** @typedef {import('./summary.mjs').Measured} Measured */
/** @typedef {import('./summary.mjs').PeerName} PeerName */

const benchFolder = path.join(root, 'out/bench');
const filesFolder = path.join(benchFolder, 'files');
const options = readOptions();
await prepareOurs();
const { peers, versions, leftOut } = preparePeers();
const places = { root, folder: filesFolder, program: path.join(benchFolder, 'ours.mjs') };
const engines = [...options.backends.map((backend) => ourEngine(backend, places)), ...peers];
const machine = [...describeMachine(), ...versions];
const sections = options.workloads.map((workload) => measure(workload, engines));
const page = formatPage({ ...{ machine, leftOut, sections }, date: today(), rounds: options.rounds });
writeFileSync(path.join(benchFolder, 'benchmarks.md'), page);
if (options.write) {
  writeFileSync(path.join(root, 'docs/benchmarks.md'), page);
}
console.log(`Written: ${options.write ? 'docs/benchmarks.md' : 'out/bench/benchmarks.md'}`);

function readOptions() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: Object.keys(WORKLOADS).join() },
      peers: { type: 'string', default: Object.keys(PEERS).join() },
      backends: { type: 'string', default: 'tensorflow-cpu,wasm' },
      write: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds: "${values.rounds}" is no whole number from 1`);
  }
  return {
    rounds,
    workloads: /** @type {WorkloadName[]} */ (chosen('--only', values.only, Object.keys(WORKLOADS))),
    peers: /** @type {PeerName[]} */ (
      values.peers === 'none' ? [] : chosen('--peers', values.peers, Object.keys(PEERS))
    ),
    backends: values.backends.split(','),
    write: values.write,
  };
}

/** @param {string} option @param {string} text @param {readonly string[]} known */
function chosen(option, text, known) {
  const names = text.split(',');
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new Error(`${option}: "${strange}" is none of ${known.join(', ')}`);
  }
  return names;
}

/** The production build, the program of the workloads in memory, and the recipes with their data. */
async function prepareOurs() {
  await build({ mode: 'production' });
  const entryPoints = ['test/bench/ours.ts'];
  await bundle(withMode({ ...nodeModule, entryPoints, outdir: 'out/bench' }, 'production'));
  mkdirSync(filesFolder, { recursive: true });
  copyFileSync(path.join(root, 'recipes/data/boston_housing.csv'), path.join(filesFolder, 'boston_housing.csv'));
  writeFileSync(path.join(filesFolder, 'shampoo.csv'), shampooCsv());
  for (const name of /** @type {const} */ (['boston', 'shampoo'])) {
    writeFileSync(path.join(filesFolder, `${name}.recipe.yaml`), recipeText(name));
  }
}

function preparePeers() {
  const prepared = options.peers.map((name) => ({ name, ...preparePython(name, benchFolder) }));
  return {
    peers: prepared.flatMap((peer) =>
      'python' in peer ? [peerEngine(peer.name, { python: peer.python, folder: filesFolder })] : [],
    ),
    versions: prepared.flatMap((peer) => ('python' in peer ? [`${PEERS[peer.name].label}: ${peer.versions}`] : [])),
    leftOut: prepared.flatMap((peer) =>
      'missing' in peer ? [`${PEERS[peer.name].label} left out: ${peer.missing}`] : [],
    ),
  };
}

/**
 * All rounds of a workload, the engines in turn, so that a slow minute of the machine meets them all.
 *
 * @param {WorkloadName} name
 * @param {readonly Engine[]} all
 */
function measure(name, all) {
  const workload = WORKLOADS[name];
  const checked = all.map((engine) => ({ engine, obstacle: engine.obstacle(name) }));
  const notes = checked.flatMap(({ engine: { label }, obstacle }) =>
    obstacle === null ? [] : [`${label} left out: ${obstacle}`],
  );
  const able = checked.filter(({ obstacle }) => obstacle === null).map(({ engine }) => engine);
  const perEpoch =
    workload.rateUnit === 'samples/s' ? workload.samples : Math.ceil(workload.samples / workload.batchSize);
  /** @type {Map<string, { label: string, peer: PeerName | null, cold: number[], steady: number[], loss: number }>} */
  const measured = new Map();
  const failed = new Set();
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { label, peer, run } of able.filter((engine) => !failed.has(engine.label))) {
      try {
        const cold = run(name, 'cold').wallSeconds;
        const { epochsPerSecond, loss } = run(name, 'steady');
        const steady = (epochsPerSecond ?? Number.NaN) * perEpoch;
        const before = measured.get(label) ?? { cold: [], steady: [] };
        const { cold: colds, steady: rates } = before;
        measured.set(label, { label, peer, loss, cold: [...colds, cold], steady: [...rates, steady] });
        const rate = `${formatRate(steady)} ${workload.rateUnit}`;
        console.log(
          `${name} ${round}/${options.rounds}  ${label.padEnd(24)} ${cold.toFixed(2).padStart(7)} s  ${rate}`,
        );
      } catch (error) {
        failed.add(label);
        measured.delete(label);
        notes.push(`${label} left out: it failed in round ${round}: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
      }
    }
  }
  const rows = summarize(name, [...measured.values()]);
  const strange = rows.length === 0 ? [] : findStrangeLosses(rows, workload.startLoss);
  notes.push(
    ...strange.map(({ label, loss }) => `${label} ended at a loss of ${loss.toPrecision(3)}, far from the others.`),
  );
  const section = { workload, rows, notes };
  console.log(`\n${formatSection(section)}\n`);
  return section;
}

function today() {
  return new Date().toISOString().slice(0, 10);
}
