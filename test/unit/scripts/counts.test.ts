/** The last line of `npm test`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCounts, formatCounts } from '../../../scripts/testing/counts.mjs';

test('the counts of all parts are added up in one line', () => {
  const total = addCounts({ passed: 2, failed: 0, skipped: 1 }, { passed: 3, failed: 1, skipped: 0 });
  assert.equal(formatCounts(total), '5 passed, 1 failed, 1 skipped');
});
