/** Decides what a column is, from what was counted of it. */
import type { ColumnType } from '../../common/data/profile.ts';
import type { Tally } from './columnTally.ts';

export interface Verdict {
  readonly type: ColumnType;
  readonly why: string | null;
}

const ID_NAME =
  /^(id|idx|index|key|uuid|guid|no|nr|row|rowid|unnamed.*|.*[_\s-](id|key|no|nr|uuid|guid)|.*[a-z]I[dD])$/;
const ID_NAME_SHORT = /^(id|idx|index|uuid|guid)$/i;
const TIME_NAME = /^(date|time|datetime|timestamp|ts|t|tick|step|year|quarter|month|week|day|hour|minute|second)s?$/i;
const CLOCK_NAME = /^(date|time|datetime|timestamp|ts|unix.*)$/i;
/** Below so many rows, a column that counts up may be a measurement like any other. */
const FEW_ROWS = 10;

export function decideType(name: string, tally: Tally): Verdict {
  const { filled, numberCount, timeCount, words, isCapped } = tally;
  if (filled === 0) {
    return { type: 'empty', why: 'no row has a value' };
  }
  if (words.size === 1 && !isCapped) {
    return { type: 'constant', why: `every row has ${[...words.keys()][0]?.slice(0, 40)}` };
  }
  if (name === '') {
    return { type: 'id', why: 'it has no name, as the row numbers of spreadsheets and data frames' };
  }
  if (numberCount === filled) {
    return decideNumbers(name, tally);
  }
  return timeCount === filled ? { type: 'time', why: null } : decideWords(name, tally);
}

function decideNumbers(name: string, tally: Tally): Verdict {
  const { filled, missing, wholeCount, times } = tally;
  const isWhole = wholeCount === filled;
  if (isWhole && filled >= FEW_ROWS && missing === 0 && times.countsUp()) {
    return TIME_NAME.test(name)
      ? { type: 'time', why: 'it rises by one from row to row' }
      : { type: 'id', why: 'it only numbers the rows' };
  }
  if (isWhole && filled >= FEW_ROWS && CLOCK_NAME.test(name) && times.isSorted()) {
    return { type: 'time', why: 'it rises from row to row' };
  }
  if (isWhole && isIdName(name) && isUnique(tally)) {
    return { type: 'id', why: 'every row has another value' };
  }
  return { type: isWhole ? 'whole number' : 'number', why: null };
}

function decideWords(name: string, tally: Tally): Verdict {
  const { filled, numberCount, words, isCapped, letters, spaces, dayFirstCount, strays } = tally;
  const distinct = words.size;
  const texts = filled - numberCount;
  if (dayFirstCount > 0 && dayFirstCount >= 0.2 * filled) {
    return { type: 'text', why: 'its dates have the day first, which cannot be read; write them as 2024-12-31' };
  }
  if (!isCapped && distinct <= wordLimit(filled) && distinct <= Math.max(2, filled / 2)) {
    return { type: 'category', why: null };
  }
  if (numberCount >= 0.5 * filled && strays !== null) {
    return {
      type: 'text',
      why: `${strays.count === 1 ? 'one field is no number' : `${strays.count} fields are no numbers`}: "${strays.example}" in row ${strays.row}`,
    };
  }
  const isShort = letters <= 40 * texts && spaces <= 0.1 * texts;
  if (filled >= FEW_ROWS && isUnique(tally) && (isShort || isIdName(name))) {
    return { type: 'id', why: 'every row has another value' };
  }
  return {
    type: 'text',
    why: `it has ${isCapped ? 'more than ' : ''}${distinct.toLocaleString('en-US')} different texts`,
  };
}

/** More different words than these are no categories to learn from. */
function wordLimit(filled: number): number {
  return Math.max(20, Math.min(200, 0.05 * filled));
}

/** A capped column is taken as unique when all that was remembered came but once or so. */
function isUnique({ filled, words, isCapped }: Tally): boolean {
  if (!isCapped) {
    return words.size >= 0.95 * filled;
  }
  const counted = [...words.values()].reduce((sum, count) => sum + count, 0);
  return words.size >= 0.95 * counted;
}

function isIdName(name: string): boolean {
  return ID_NAME.test(name) || ID_NAME_SHORT.test(name);
}
