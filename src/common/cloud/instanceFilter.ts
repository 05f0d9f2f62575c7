/** The little language that machines are filtered in: words to look for, and `field:value`, all of which must fit. */

import { SkilletError } from '../errors.ts';
import { didYouMean } from '../recipe/didYouMean.ts';
import type { FleetRow } from './fleet.ts';
import { PURCHASE_WORDS, STATE_WORDS } from './instanceText.ts';
import { isOurs } from './tags.ts';

export interface InstanceFilter {
  /** As it was typed, without space around it. */
  readonly text: string;
  /** Whether machines that are gone are asked for, so that they are not left out. */
  readonly asksTerminated: boolean;
  matches(row: FleetRow): boolean;
}

type Match = (row: FleetRow) => boolean;

const has = (text: string, part: string) => text.toLowerCase().includes(part);

const FIELDS: Readonly<Record<string, (row: FleetRow, value: string) => boolean>> = {
  state: ({ instance: { state } }, value) => has(state, value) || has(STATE_WORDS[state], value),
  gpu: ({ instance: { gpu } }, value) =>
    isYesNo(value) ? (gpu !== null) === isYes(value) : has(gpu?.name ?? '', value),
  region: ({ instance }, value) => has(instance.zone ?? instance.region, value) || has(instance.region, value),
  type: ({ instance }, value) => instance.instanceType.toLowerCase().startsWith(value),
  ours: ({ instance }, value) => isOurs(instance.tags) === isYes(value),
  bought: ({ instance: { purchase } }, value) => has(PURCHASE_WORDS[purchase], value) || has(purchase, value),
  tag: ({ instance: { tags } }, value) => Object.entries(tags).some(([name, text]) => has(`${name}=${text}`, value)),
};

/**
 * `state:running gpu:a10g region:us type:g5 ours:yes`, words for names, ids and addresses; commas between values that are
 * as good as each other; `-` before what must not be.
 *
 * @throws {SkilletError} `run-filter`: a field that there is none of, or one without a value.
 */
export function parseInstanceFilter(text: string): InstanceFilter {
  const words = text.trim() === '' ? [] : text.trim().split(/\s+/);
  const matches = words.map(toMatch);
  return {
    text: text.trim(),
    asksTerminated: words.some((word) => /^state:.*terminated/i.test(word)),
    matches: (row) => matches.every((match) => match(row)),
  };
}

function toMatch(word: string): Match {
  const isNot = word.startsWith('-') && word.length > 1;
  const positive = isNot ? word.slice(1) : word;
  const match = positive.includes(':') ? toField(positive) : toWord(positive.toLowerCase());
  return isNot ? (row) => !match(row) : match;
}

function toWord(word: string): Match {
  return ({ instance }) => {
    const { name, id, instanceType, publicAddress, privateAddress, gpu } = instance;
    return [name, id, instanceType, publicAddress, privateAddress, gpu?.name].some((text) => has(text ?? '', word));
  };
}

function toField(word: string): Match {
  const [typed = '', rest = ''] = word.split(/:(.*)/s);
  const field = FIELDS[typed.toLowerCase()];
  if (field === undefined) {
    const meant = didYouMean(typed, Object.keys(FIELDS));
    throw new SkilletError('run-filter', typed, {
      message: 'is no field of machines.',
      remedy: meant === null ? `Fields: ${Object.keys(FIELDS).join(', ')}.` : `Did you mean ${meant}?`,
    });
  }
  const values = rest
    .toLowerCase()
    .split(',')
    .filter((value) => value !== '');
  if (values.length === 0) {
    throw new SkilletError('run-filter', typed, {
      message: 'has nothing behind its colon.',
      remedy: 'Write for example: state:running.',
    });
  }
  if (typed.toLowerCase() === 'ours' && !values.every(isYesNo)) {
    throw new SkilletError('run-filter', typed, {
      message: `"${rest}" is neither yes nor no.`,
      remedy: 'Write ours:yes.',
    });
  }
  return (row) => values.some((value) => field(row, value));
}

function isYes(value: string): boolean {
  return value === 'yes' || value === 'true';
}

function isYesNo(value: string): boolean {
  return isYes(value) || value === 'no' || value === 'false';
}
