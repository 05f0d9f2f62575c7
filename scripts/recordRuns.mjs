/** Trains the shipped recipes and keeps their events as fixtures: `node scripts/recordRuns.mjs [name…]`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildIfStale } from './build.mjs';
import { root } from './host/paths.mjs';
import { normaliseEvents } from './testing/normaliseEvents.mjs';

const cli = path.join(root, 'dist/cli.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'skillet-record-'));
await buildIfStale();
try {
  const wanted = process.argv.slice(2);
  const recipes = readdirSync(path.join(root, 'recipes')).filter((file) => /\.recipe\.(ya?ml|json)$/.test(file));
  for (const recipe of recipes) {
    const name = recipe.replace(/\.recipe\.\w+$/, '');
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
  const args = ['train', path.join(root, 'recipes', recipe), '--device', 'wasm', '--run-dir', runFolder, '--quiet'];
  try {
    execFileSync(process.execPath, [cli, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch {
    console.log(`${recipe} was not recorded`);
    return;
  }
  const lines = readFileSync(path.join(runFolder, 'events.jsonl'), 'utf8').trim().split('\n');
  const events = normaliseEvents(
    lines.map((line) => JSON.parse(line)),
    recipe,
  );
  const file = path.join(root, 'test/fixtures/recordings', `${name}.jsonl`);
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  console.log(`${name}: ${events.length} events`);
}
