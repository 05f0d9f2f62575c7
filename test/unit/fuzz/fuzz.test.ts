/** The fuzzers for a moment; `npm run fuzz` is the long run. A failure prints its seed and the smallest case. */
import { test } from 'node:test';
import fc from 'fast-check';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { FUZZERS } from '../../fuzz/fuzzers.ts';

const CASES = 150;

for (const fuzzer of FUZZERS) {
  test(`${fuzzer.name}: what must hold does so of ${CASES} cases`, async (t) => {
    await fc.assert(fuzzer.property(tempFolder(t)), { numRuns: CASES, seed: 1 });
  });
}
