/**
 * `npm test`: every test there is, the ones in a real VS Code included; the last line says how many passed.
 *
 * `npm test -- unit` runs one part, `npm test -- ui panel` the files of a part whose path holds "panel".
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildIfStale } from './build.mjs';
import { ensureHost } from './host/install.mjs';
import { node24, root } from './host/paths.mjs';
import { addCounts, formatCounts, noTests } from './testing/counts.mjs';
import { findCodeProgram } from './testing/desktopCode.mjs';

/** @typedef {{ args: string[], skipped?: string }} Part */

const nodeTests = 'scripts/testing/nodeTests.mjs';
/** @type {Record<string, Part>} */
const parts = {
  unit: { args: [nodeTests, 'test/unit'] },
  contract: { args: [nodeTests, 'test/contract'] },
  host: { args: ['scripts/test-server.mjs'] },
  ui: { args: [nodeTests, 'test/ui', '--one-at-a-time'] },
  package: { args: [nodeTests, 'test/package', '--one-at-a-time'] },
  electron: {
    args: ['scripts/test-electron.mjs'],
    ...(findCodeProgram() === undefined && {
      skipped: 'no desktop VS Code: neither VSCODE_EXEC nor `code` on the PATH',
    }),
  },
};

const [wanted, ...filter] = process.argv.slice(2);
const chosen = Object.entries(parts).filter(([name]) => wanted === undefined || name === wanted);
if (chosen.length === 0) {
  console.error(`npm test: there is no part "${wanted}"; choose from ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
// What tests find out about backends stays out of the user's own cache.
process.env.SKILLET_CACHE ??= path.join(root, 'out/test-cache');
await ensureHost();
await buildIfStale();
let total = noTests;
for (const [name, part] of chosen) {
  console.log(`\n── ${name} tests ──`);
  total = addCounts(total, await runPart(name, part));
}
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`\n${formatCounts(total)}`);

/**
 * @param {string} name
 * @param {Part} part
 * @returns {Promise<import('./testing/counts.mjs').Counts>}
 */
async function runPart(name, { args, skipped }) {
  if (skipped !== undefined) {
    console.log(`﹣ skipped: ${skipped}`);
    return { ...noTests, skipped: 1 };
  }
  const resultFile = path.join(root, `out/test-results/${name}.json`);
  mkdirSync(path.dirname(resultFile), { recursive: true });
  rmSync(resultFile, { force: true });
  const code = await runNode([...args, ...filter], { ...process.env, TEST_RESULT: resultFile });
  const counts = existsSync(resultFile) ? { ...noTests, ...JSON.parse(readFileSync(resultFile, 'utf8')) } : noTests;
  const problem = problemOf(counts, code);
  if (problem === undefined) {
    return counts;
  }
  console.error(`✖ ${name} tests: ${problem}`);
  return addCounts(counts, { ...noTests, failed: 1 });
}

/**
 * What is wrong with a part beyond its failed tests.
 *
 * @param {import('./testing/counts.mjs').Counts} counts
 * @param {number | null} code
 */
function problemOf({ passed, failed, skipped }, code) {
  if (passed + failed + skipped === 0) {
    return 'no test ran';
  }
  if (code !== 0 && failed === 0) {
    return `ended with ${code ?? 'a signal'} although no test failed`;
  }
  return undefined;
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number | null>}
 */
async function runNode(args, env) {
  const child = spawn(node24, args, { cwd: root, env, stdio: 'inherit' });
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    child.kill('SIGTERM'); // It ends what it started; Ctrl+C reaches it anyway.
  };
  process.on('SIGTERM', interrupt).on('SIGINT', interrupt);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  process.off('SIGTERM', interrupt).off('SIGINT', interrupt);
  if (interrupted) {
    process.exit(130);
  }
  return code;
}
