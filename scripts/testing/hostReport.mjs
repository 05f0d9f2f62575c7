/** Prints what the extension-host tests wrote to their result file. */
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ title: string, state: 'passed' | 'failed' | 'skipped', durationMs: number, error?: string }} TestReport */

const marks = { passed: '✔', failed: '✖', skipped: '﹣' };

/** @param {string} file */
export function printHostReport(file) {
  if (!existsSync(file)) {
    console.error('extension-host tests: ended without a result');
    return;
  }
  /** @type {{ tests: TestReport[] }} */
  const { tests } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { title, state, durationMs, error } of tests) {
    console.log(`${marks[state]} ${title} (${durationMs}ms)`);
    if (error !== undefined) {
      console.log(error.replace(/^/gm, '    '));
    }
  }
}
