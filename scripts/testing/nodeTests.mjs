/** Runs node:test files below a folder and leaves the counts in the file that TEST_RESULT names. Needs Node.js 24. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { root } from '../host/paths.mjs';

/**
 * Usage: nodeTests.mjs FOLDER [--one-at-a-time] [TEXT]: only the files whose path holds TEXT.
 */
const [folder = 'test/unit', ...rest] = process.argv.slice(2);
const concurrency = rest.includes('--one-at-a-time') ? 1 : true;
const text = rest.find((argument) => !argument.startsWith('--')) ?? '';
const fileLimitMs = 30 * 60_000;

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stopped.abort());
}

const events = run({
  files: testFiles(path.join(root, folder), text),
  concurrency,
  timeout: fileLimitMs,
  signal: stopped.signal,
});
events.on('test:summary', ({ file, success, counts }) => {
  // Each file has a summary of its own; the one of the whole run names no file.
  if (file === undefined) {
    process.exitCode = success ? 0 : 1;
    writeCounts(counts);
  }
});
const output = events.compose(spec);
output.pipe(process.stdout);
await finished(output);

/**
 * @param {string} where
 * @param {string} part
 */
function testFiles(where, part) {
  if (!existsSync(where)) {
    return [];
  }
  return readdirSync(where, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && file.includes(part))
    .map((file) => path.join(where, file))
    .sort();
}

/** @param {{ passed: number, cancelled: number, skipped: number, todo: number, tests: number }} counts */
function writeCounts({ passed, skipped, todo, tests }) {
  const resultFile = process.env.TEST_RESULT;
  if (resultFile !== undefined) {
    const failed = tests - passed - skipped - todo;
    writeFileSync(resultFile, JSON.stringify({ passed, failed, skipped: skipped + todo }));
  }
}
