/**
 * Times the Boston recipe: each backend of ours and each Python peer that is found, in turn, round after round.
 *
 * Cold wall: the whole process, start-up and tracing included. Steady: steps per second without tracing (ours from epoch 11 on, the
 * peers' second fit). A peer is looked for in PYTHON_KERAS, PYTHON_PYTORCH, PYTHON_MXNET, then in `python3`; absent ones are left out, saying so.
 * Usage: node test/bench/boston.mjs [rounds=3]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const csv = path.join(root, 'recipes/data/boston_housing.csv');
const rounds = Number(process.argv[2] ?? 3);

/** Runs a command to its end and gives its wall time in seconds. */
function timed(command, args) {
  const start = performance.now();
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return { ...result, wallSeconds: (performance.now() - start) / 1000 };
}

function runOurs(device) {
  const out = mkdtempSync(path.join(tmpdir(), 'skillet-bench-'));
  const folder = path.join(out, 'run');
  const args = [
    'dist/cli.mjs',
    'train',
    'recipes/boston-housing.recipe.yaml',
    '--device',
    device,
    '--run-dir',
    folder,
    '--quiet',
  ];
  const result = timed(process.execPath, args);
  if (result.status !== 0) {
    throw new Error(`${device}: exit ${result.status}\n${result.stderr}`);
  }
  const events = readFileSync(path.join(folder, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const start = events.find((event) => event.type === 'runStart');
  const late = events.filter((event) => event.type === 'epochEnd' && event.epoch > 10);
  const seconds = late.reduce((sum, event) => sum + event.durationMs, 0) / 1000;
  rmSync(out, { recursive: true });
  return {
    name: `Skillet ${start.backend.name}`,
    wallSeconds: result.wallSeconds,
    stepsPerSecond: (late.length * start.stepsPerEpoch) / seconds,
  };
}

function findPeer(name) {
  const python = process.env[`PYTHON_${name.toUpperCase()}`] ?? 'python3';
  const module = { keras: 'keras', pytorch: 'torch', mxnet: 'mxnet' }[name];
  const probe = spawnSync(python, [
    '-c',
    `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`,
  ]);
  return probe.status === 0 ? python : null;
}

function runPeer(name, python) {
  const result = timed(python, [path.join(root, `test/bench/peers/${name}_boston.py`), csv]);
  if (result.status !== 0) {
    throw new Error(`${name}: exit ${result.status}\n${result.stderr}`);
  }
  const { peer, stepsPerSecond } = JSON.parse(result.stdout.trim().split('\n').at(-1));
  // The peers train twice in one process; the second fit does not count as cold.
  return { name: peer, wallSeconds: result.wallSeconds - 900 / stepsPerSecond, stepsPerSecond };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const peers = ['keras', 'pytorch', 'mxnet'].map((name) => ({ name, python: findPeer(name) }));
for (const { name } of peers.filter((peer) => peer.python === null)) {
  console.log(`${name}: not found, left out`);
}
const runners = [
  ...['wasm', 'cpu'].map((device) => () => runOurs(device)),
  ...peers.filter((peer) => peer.python !== null).map((peer) => () => runPeer(peer.name, peer.python)),
];
const results = new Map();
for (let round = 0; round < rounds; round += 1) {
  for (const run of runners) {
    const result = run();
    results.set(result.name, [...(results.get(result.name) ?? []), result]);
  }
}

const rows = [...results].map(([name, list]) => ({
  name,
  wall: median(list.map((result) => result.wallSeconds)),
  steps: median(list.map((result) => result.stepsPerSecond)),
}));
const base = rows.find((row) => row.name.startsWith('Keras')) ?? rows[0];
console.log(
  `Boston, 100 epochs of 9 steps, ${rounds} rounds, medians; ${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`,
);
console.log(
  `${'engine'.padEnd(22)}${'cold wall s'.padStart(12)}${'steady steps/s'.padStart(16)}   against ${base.name}: wall, steady`,
);
for (const row of rows) {
  const ratios = `${(base.wall / row.wall).toFixed(2)}×, ${(row.steps / base.steps).toFixed(2)}×`;
  console.log(
    `${row.name.padEnd(22)}${row.wall.toFixed(2).padStart(12)}${row.steps.toFixed(0).padStart(16)}   ${ratios}`,
  );
}
