/** The time of a series: which rows follow each other, which are refused, and what comes next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from '../../../src/common/data/parseTime.ts';
import { categoryWriter } from '../../../src/trainer/data/columns.ts';
import { checkOrder, nextLabels, readTime } from '../../../src/trainer/data/seriesTime.ts';

function read(labels: readonly string[], gaps: 'refuse' | 'allow' = 'refuse') {
  const writer = categoryWriter();
  for (const label of labels) {
    writer.add(label);
  }
  const column = writer.finish();
  assert.ok(column.kind === 'category');
  const from = { name: 'day', column, rowNumbers: Int32Array.from(labels, (_, i) => i + 1) };
  const time = readTime(from);
  checkOrder(time, from, { from: 0, to: labels.length, gaps });
  return time;
}

/** The labels, checked, and the next ones. */
const goesOn = (labels: readonly string[], count = 2) => nextLabels(read(labels), labels.length, count);

test('months, month ends, quarters, years, days, business days, hours and numbers are equal steps, and are gone on with', () => {
  const cases: [string[], string[]][] = [
    [
      ['1-11', '1-12', '2-01'],
      ['2-02', '2-03'],
    ],
    [
      ['2023-11', '2023-12', '2024-01'],
      ['2024-02', '2024-03'],
    ],
    [
      ['2023-12-31', '2024-01-31', '2024-02-29'],
      ['2024-03-31', '2024-04-30'],
    ],
    [
      ['2023-07-01', '2023-10-01', '2024-01-01'],
      ['2024-04-01', '2024-07-01'],
    ],
    [
      ['2023-02-28', '2024-02-28', '2025-02-28'],
      ['2026-02-28', '2027-02-28'],
    ],
    [
      ['2024-02-28', '2024-02-29', '2024-03-01'],
      ['2024-03-02', '2024-03-03'],
    ],
    [
      ['2024-05-16', '2024-05-17', '2024-05-20'],
      ['2024-05-21', '2024-05-22'],
    ],
    [
      ['2024-05-22', '2024-05-23', '2024-05-24'],
      ['2024-05-25', '2024-05-26'],
    ],
    [
      ['2024-01-05', '2024-01-12', '2024-01-19'],
      ['2024-01-26', '2024-02-02'],
    ],
    [
      ['2024-03-31 00:00', '2024-03-31 12:00', '2024-04-01 00:00'],
      ['2024-04-01 12:00', '2024-04-02 00:00'],
    ],
    [
      ['1700', '1701', '1702'],
      ['1703', '1704'],
    ],
    [
      ['0.1', '0.2', '0.3'],
      ['0.4', '0.5'],
    ],
    [
      ['May 1, 2024', 'May 2, 2024', 'May 3, 2024'],
      ['+1', '+2'],
    ],
  ];
  for (const [labels, next] of cases) {
    assert.deepEqual(goesOn(labels), next, labels.join(' '));
  }
  assert.deepEqual(nextLabels(null, 36, 2), ['37', '38']);
});

test('five business days are followed by the Monday', () => {
  assert.deepEqual(goesOn(['2024-05-16', '2024-05-17', '2024-05-20', '2024-05-21', '2024-05-22'], 3), [
    '2024-05-23',
    '2024-05-24',
    '2024-05-27',
  ]);
});

test('a row that is out of order, doubled, behind a gap or no time is refused by row, field, value and remedy', () => {
  const cases: [string[], RegExp, RegExp][] = [
    [
      ['2024-01', '2024-03', '2024-02'],
      /^Row 3 has 2024-02, which is earlier than row 2 \(2024-03\)/,
      /Sort the file by day/,
    ],
    [['2024-01', '2024-02', '2024-02'], /^Row 3 has 2024-02, the same time as row 2/, /one row for each time/],
    [
      ['2024-01', '2024-02', '2024-03', '2024-05', '2024-06'],
      /^Row 4 has 2024-05, 2 months after row 3 \(2024-03\), where 1 month is usual/,
      /gaps: allow/,
    ],
    [['2024-05-15', '2024-05-16', '2024-05-17', '2024-05-21'], /^Row 4 has 2024-05-21/, /Add the rows/],
    [['1', '2', '4', '5', '6'], /^Row 3 has 4, 2 after row 2 \(2\), where 1 is usual/, /Add the rows/],
    [['2024-01', 'spring'], /^Row 2 has "spring", which is neither a date nor a number/, /2024-01-31/],
    [['2024-13'], /^Row 1 has "2024-13", which is neither/, /2024-01-31/],
    [['2024-01', '2'], /^Row 2 has "2", unlike "2024-01" above/, /number the steps/],
  ];
  for (const [labels, message, remedy] of cases) {
    const expected = { code: 'data-time', path: 'data.time: column day', message, remedy };
    assert.throws(() => read(labels), expected, labels.join(' '));
  }
});

test('a gap may be allowed, but no disorder', () => {
  const time = read(['1', '2', '4', '5'], 'allow');
  assert.deepEqual(nextLabels(time, 4, 2), ['+1', '+2']);
  assert.throws(() => read(['2', '1'], 'allow'), { code: 'data-time' });
});

test('a date without a zone is the same wherever it is read, and years may be counted from any beginning', () => {
  assert.equal(parseTime('2024-03-31 12:00'), Date.UTC(2024, 2, 31, 12));
  assert.equal(parseTime('2024-03-31'), Date.UTC(2024, 2, 31));
  assert.equal(parseTime('2024-03-31T12:00:00+02:00'), Date.UTC(2024, 2, 31, 10));
  assert.ok(parseTime('1-12') < parseTime('2-01'));
});

test('a long series is read in a moment: hours over decades, and numbers of which no two are as far apart', () => {
  const hours = Array.from({ length: 200_000 }, (_, i) => new Date(i * 3_600_000).toISOString().slice(0, 16));
  assert.deepEqual(goesOn(hours, 1), ['1992-10-25T08:00']);
  const uneven = Array.from({ length: 100_000 }, (_, i) => String(i + 1e-5 * i ** 1.9));
  assert.equal(read(uneven, 'allow').values.length, 100_000);
});
