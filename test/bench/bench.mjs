/**
 * `npm run bench`: the same five workloads on our backends and on Keras, PyTorch and MXNet.
 *
 * Usage: npm run bench -- [--rounds 5] [--only boston,lstm] [--peers keras,mxnet | none] [--backends tensorflow-cpu,wasm] [--write]
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build as bundle } from 'esbuild';
import { build, trainerModule, withMode } from '../../scripts/build.mjs';
import { root } from '../../scripts/host/paths.mjs';
import { ourEngine, peerEngine } from './engines.mjs';
import { describeMachine, sampleBusy } from './machine.mjs';
import { measureWorkload } from './measure.mjs';
import { panelSectionOf, withPanelSection } from './panel/report.mjs';
import { findTensorFlow, PEERS, preparePython } from './pythons.mjs';
import { recipeText, shampooCsv, WORKLOADS } from './recipes.mjs';
import { formatPage, formatSection } from './report.mjs';

/** @typedef {import('./recipes.mjs').WorkloadName} WorkloadName */
/** @typedef {import('./summary.mjs').PeerName} PeerName */

const benchFolder = path.join(root, 'out/bench');
const programFolder = path.join(root, 'out/bench-program'); // As deep as the sources: both find the project two folders up.
const filesFolder = path.join(benchFolder, 'files');
const options = readOptions();
await prepareOurs();
const prepared = options.peers.map((name) => ({ name, ...preparePython(name, benchFolder) }));
const library = nameTensorFlow();
const places = { root, folder: filesFolder, program: path.join(programFolder, 'ours.mjs') };
const engines = [
  ...options.backends.map((backend) => ourEngine(backend, places)),
  ...prepared.flatMap((peer) =>
    'python' in peer ? [peerEngine(peer.name, { python: peer.python, folder: filesFolder })] : [],
  ),
];
const sections = options.workloads.map((name) => {
  const section = measureWorkload(name, engines, { rounds: options.rounds, busy: sampleBusy, report: console.log });
  console.log(`\n${formatSection(section)}\n`);
  process.exitCode = section.hasFailed ? 1 : process.exitCode;
  return section;
});
const page = formatPage({
  date: new Date().toISOString().slice(0, 10),
  rounds: options.rounds,
  machine: [...describeMachine(), library, ...prepared.map(describePeer)],
  sections,
});
const file = options.write ? 'docs/benchmarks.md' : 'out/bench/benchmarks.md';
// The panel has a benchmark of its own, whose section stays.
const panel = panelSectionOf(readFileSync(path.join(root, 'docs/benchmarks.md'), 'utf8'));
writeFileSync(path.join(root, file), panel === '' ? page : withPanelSection(page, panel));
console.log(`Written: ${file}`);

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
  const peers = values.peers === 'none' ? [] : chosen('--peers', values.peers, Object.keys(PEERS));
  return {
    rounds,
    workloads: /** @type {WorkloadName[]} */ (chosen('--only', values.only, Object.keys(WORKLOADS))),
    peers: /** @type {PeerName[]} */ (peers),
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
  rmSync(programFolder, { recursive: true, force: true });
  const entryPoints = ['test/bench/ours.ts'];
  await bundle(withMode({ ...trainerModule, entryPoints, outdir: programFolder }, 'production'));
  mkdirSync(filesFolder, { recursive: true });
  copyFileSync(path.join(root, 'recipes/data/boston_housing.csv'), path.join(filesFolder, 'boston_housing.csv'));
  writeFileSync(path.join(filesFolder, 'shampoo.csv'), shampooCsv());
  for (const name of /** @type {const} */ (['boston', 'shampoo'])) {
    writeFileSync(path.join(filesFolder, `${name}.recipe.yaml`), recipeText(name));
  }
}

/** Names the library for the processes that train; the environment of Keras has the one that Keras runs on. */
function nameTensorFlow() {
  if (process.env.SKILLET_TENSORFLOW) {
    return "Skillet's TensorFlow: the one that SKILLET_TENSORFLOW names";
  }
  const found = findTensorFlow(benchFolder);
  if (found === null) {
    return "Skillet's TensorFlow: the one that was set up, if any";
  }
  process.env.SKILLET_TENSORFLOW = found;
  return "Skillet's TensorFlow: the one of Keras's environment";
}

/** @param {(typeof prepared)[number]} peer */
function describePeer(peer) {
  const { label } = PEERS[peer.name];
  return 'versions' in peer ? `${label}: ${peer.versions}` : `${label} left out: ${peer.missing}`;
}
