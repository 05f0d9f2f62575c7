/** Times and minutes as a person writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeadline, parseIdleMinutes } from '../../../../src/common/cloud/deadlineText.ts';

const NOW = new Date(2026, 10, 25, 14, 30).getTime();

test('spans, hours of the day, ISO times and never are understood', () => {
  const local = (day: number, hour: number, minute: number) => new Date(2026, 10, day, hour, minute).toISOString();
  assert.deepEqual(
    ['2h', '90m', '1d', '0.5h', '18:00', '9:05', 'Never', '2027-01-01T00:00:00Z'].map((text) =>
      parseDeadline(text, NOW),
    ),
    [
      new Date(NOW + 7_200_000).toISOString(),
      new Date(NOW + 5_400_000).toISOString(),
      new Date(NOW + 86_400_000).toISOString(),
      new Date(NOW + 1_800_000).toISOString(),
      local(25, 18, 0),
      local(26, 9, 5),
      null,
      '2027-01-01T00:00:00.000Z',
    ],
  );
});

test('what is no time, or over already, is refused', () => {
  for (const text of ['', 'soon', '2', '25:00', '12:60', '-2h', '0h', '2020-01-01T00:00:00Z', '2026-99-99T00:00']) {
    assert.throws(() => parseDeadline(text, NOW), { code: 'cli-usage' }, text);
  }
});

test('idle minutes are whole numbers from 5 to 1440, or never', () => {
  assert.deepEqual(['5', '1440', 'never'].map(parseIdleMinutes), [5, 1440, null]);
  for (const text of ['', '4', '1441', '7.5', 'x', '-10']) {
    assert.throws(() => parseIdleMinutes(text), { code: 'cli-usage' }, text);
  }
});
