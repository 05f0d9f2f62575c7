/** Trains the recipes that provoke a diagnosis and keeps their events as fixtures: `node scripts/recordDiagnoses.mjs [name…]`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildIfStale } from './build.mjs';
import { root } from './host/paths.mjs';
import { normaliseEvents } from './testing/normaliseEvents.mjs';

const fixtures = path.join(root, 'test/fixtures/diagnosis');
const folder = mkdtempSync(path.join(tmpdir(), 'skillet-diagnosis-'));
await buildIfStale();
try {
  const wanted = process.argv.slice(2);
  for (const recipe of readdirSync(fixtures).filter((file) => file.endsWith('.recipe.yaml'))) {
    const name = recipe.replace('.recipe.yaml', '');
    if (wanted.length === 0 || wanted.includes(name)) {
      record(recipe, name);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {string} recipe
 * @param {string} name
 */
function record(recipe, name) {
  const runFolder = path.join(folder, name);
  const args = ['train', path.join(fixtures, recipe), '--device', 'wasm', '--run-dir', runFolder, '--quiet'];
  try {
    execFileSync(process.execPath, [path.join(root, 'dist/cli.mjs'), ...args], { stdio: 'ignore' });
  } catch {
    // Some are meant to fail.
  }
  const lines = readFileSync(path.join(runFolder, 'events.jsonl'), 'utf8').trim().split('\n');
  const events = normaliseEvents(
    lines.map((line) => JSON.parse(line)),
    recipe,
  ).flatMap(thin);
  writeFileSync(path.join(fixtures, `${name}.jsonl`), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  console.log(`${name}: ${events.length} events`);
}

/**
 * The rules do not read steps, nor what was predicted for each row.
 *
 * @param {Record<string, any>} event
 */
function thin(event) {
  if (event.type === 'steps') {
    return [];
  }
  if (event.type === 'evaluation' && event.predictions.kind === 'values') {
    return [{ ...event, predictions: { kind: 'values', targets: [], row: [] } }];
  }
  if (event.type === 'evaluation') {
    const { kind, classes, confusion } = event.predictions;
    return [{ ...event, predictions: { kind, classes, confusion } }];
  }
  return event.type === 'forecast' ? [] : [event];
}
