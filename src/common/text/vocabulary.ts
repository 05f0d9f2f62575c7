/** Turns texts into codes, as Keras's TextVectorization does; the vocabulary is saved with a model, to encode new texts. */
import { SPECIAL_CODES, type TextSettings } from '../recipe/textSchema.ts';

export type TextRule = Pick<TextSettings, 'by' | 'standardize' | 'length'>;

export interface Vocabulary {
  /** The token of each code; code 0 is padding (an empty token), code 1 stands for every unknown one. */
  readonly tokens: readonly string[];
  /** The same, from token to code, without padding. */
  readonly codes: ReadonlyMap<string, number>;
}

const PADDING = '';
const UNKNOWN = '[UNK]';
/** ASCII punctuation, as Keras strips it. */
const PUNCTUATION = /[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~']/g;

/** Words or characters of a text, in order; none where nothing but space and punctuation stands there. */
export function tokensOf(text: string, { by, standardize }: Pick<TextRule, 'by' | 'standardize'>): string[] {
  const lower = standardize.startsWith('lower') ? text.toLowerCase() : text;
  const bare = /stripPunctuation$/i.test(standardize) ? lower.replace(PUNCTUATION, '') : lower;
  if (by === 'characters') {
    return bare.trim() === '' ? [] : [...bare];
  }
  return bare.split(/\s+/).filter((word) => word !== '');
}

/**
 * The commonest tokens first; of two as common the one that sorts later, as in Keras.
 *
 * @param counts Token → how often it stands in the training texts.
 * @param most Codes that there may be, padding and unknown among them.
 */
export function buildVocabulary(counts: ReadonlyMap<string, number>, most: number | undefined): Vocabulary {
  const sorted = [...counts].sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? 1 : -1));
  const kept = sorted.slice(0, most === undefined ? sorted.length : most - SPECIAL_CODES);
  return toVocabulary([PADDING, UNKNOWN, ...kept.map(([token]) => token)]);
}

/** @param tokens The token of each code, as they were saved. */
export function toVocabulary(tokens: readonly string[]): Vocabulary {
  return { tokens, codes: new Map(tokens.map((token, code) => [token, code] as const).slice(SPECIAL_CODES)) };
}

/** Codes [length] of a text: cut at its end, or padded with 0. */
export function encodeText(text: string, { codes }: Vocabulary, rule: TextRule): number[] {
  const found = tokensOf(text, rule).slice(0, rule.length);
  return Array.from({ length: rule.length }, (_, place) => {
    const token = found[place];
    return token === undefined ? 0 : (codes.get(token) ?? 1);
  });
}
