/** A guard's rule as tags. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardTags, readGuardTags } from '../../../../src/common/cloud/guardTags.ts';

const START = '2026-11-25T10:00:00.000Z';
const tags = guardTags({ deadlineHours: 8, idleMinutes: 30, action: 'stop' }, Date.parse(START));

test('a rule becomes tags that the guard on the machine reads', () => {
  assert.deepEqual(tags, {
    'skillet:deadline': '2026-11-25T18:00:00Z',
    'skillet:deadline-hours': '8',
    'skillet:idle-minutes': '30',
    'skillet:guard-action': 'stop',
  });
  assert.deepEqual(guardTags({ deadlineHours: null, idleMinutes: null, action: 'terminate' }, 0), {
    'skillet:deadline': 'never',
    'skillet:deadline-hours': 'never',
    'skillet:idle-minutes': '0',
    'skillet:guard-action': 'terminate',
  });
});

test('tags are read back; a machine without them has no guard', () => {
  assert.deepEqual(readGuardTags(tags, START), { deadline: '2026-11-25T18:00:00Z', idleMinutes: 30, action: 'stop' });
  assert.equal(readGuardTags({ Name: 'p2' }, START), null);
});

test('a deadline that was before the last start is reckoned anew from that start', () => {
  const again = '2026-11-26T07:30:00.000Z';
  assert.equal(readGuardTags(tags, again)?.deadline, '2026-11-26T15:30:00Z');
  assert.equal(readGuardTags({ ...tags, 'skillet:deadline-hours': 'never' }, again)?.deadline, null);
});

test('a value that means nothing is no rule', () => {
  const wrong = { ...tags, 'skillet:deadline': 'soon', 'skillet:idle-minutes': 'a while' };
  assert.deepEqual(readGuardTags(wrong, null), { deadline: null, idleMinutes: null, action: 'stop' });
});
