/** `npm run fuzz -- --cases 100000 --seed 1 [--only events]`: the fuzzers at length. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { FUZZERS } from './fuzzers.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const chosen = FUZZERS.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  console.error(`There is no fuzzer "${values.only}"; choose from ${FUZZERS.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
for (const fuzzer of chosen) {
  const folder = mkdtempSync(path.join(tmpdir(), 'skillet-fuzz-'));
  const startMs = performance.now();
  try {
    const result = await fc.check(fuzzer.property(folder), {
      numRuns: Number(values.cases),
      seed: Number(values.seed),
    });
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    console.log(
      `${fuzzer.name}: ${result.numRuns.toLocaleString('en-US')} cases from seed ${values.seed} in ${seconds} s`,
    );
    if (result.failed) {
      process.exitCode = 1;
      console.error(await fc.asyncDefaultReportMessage(result));
      console.error(result.errorInstance);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
