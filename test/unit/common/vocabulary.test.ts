/** Texts as codes: the same vocabularies and codes as Keras's TextVectorization, and what differs on purpose. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  buildVocabulary,
  encodeText,
  type TextRule,
  tokensOf,
  toVocabulary,
} from '../../../src/common/text/vocabulary.ts';

interface KerasCase extends TextRule {
  readonly vocabulary: number | null;
  readonly tokens: readonly string[];
  readonly codes: readonly (readonly number[])[];
}
interface Golden {
  readonly texts: readonly string[];
  readonly others: readonly string[];
  readonly cases: readonly KerasCase[];
}

const file = path.join(import.meta.dirname, '../../fixtures/goldens/text_keras.json');
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

function countTokens(texts: readonly string[], rule: TextRule): Map<string, number> {
  const counts = new Map<string, number>();
  for (const token of texts.flatMap((text) => tokensOf(text, rule))) {
    counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

for (const { vocabulary: most, tokens, codes, ...rule } of golden.cases) {
  test(`${rule.by}, ${rule.standardize}, vocabulary ${most ?? 'open'}: tokens and codes are Keras's`, () => {
    const vocabulary = buildVocabulary(countTokens(golden.texts, rule), most ?? undefined);
    assert.deepEqual(vocabulary.tokens, tokens);
    assert.deepEqual(
      [...golden.texts, ...golden.others].map((text) => encodeText(text, vocabulary, rule)),
      codes,
    );
  });
}

test('letters beyond ASCII are lower-cased too', () => {
  assert.deepEqual(tokensOf('ÄRGER Über', { by: 'words', standardize: 'lower' }), ['ärger', 'über']);
});

test('a character outside the basic plane is one character', () => {
  assert.deepEqual(tokensOf('a😀b', { by: 'characters', standardize: 'none' }), ['a', '😀', 'b']);
});

test('a text of nothing but punctuation and space has no tokens', () => {
  for (const by of ['words', 'characters'] as const) {
    assert.deepEqual(tokensOf(' ... !? ', { by, standardize: 'lowerAndStripPunctuation' }), []);
  }
});

test('saved tokens encode as the vocabulary that they were saved from', () => {
  const rule: TextRule = { by: 'words', standardize: 'lower', length: 4 };
  const vocabulary = buildVocabulary(countTokens(['one two two', 'three two'], rule), undefined);
  const again = toVocabulary(JSON.parse(JSON.stringify(vocabulary.tokens)) as string[]);
  assert.deepEqual(encodeText('two four one', again, rule), encodeText('two four one', vocabulary, rule));
});

test('words that are names of object parts, or look like the special tokens, are words like any other', () => {
  const rule: TextRule = { by: 'words', standardize: 'none', length: 3 };
  const vocabulary = buildVocabulary(countTokens(['constructor __proto__ [UNK]'], rule), undefined);
  assert.equal(vocabulary.tokens.length, 5);
  assert.ok(encodeText('constructor __proto__ [UNK]', vocabulary, rule).every((code) => code > 1));
});
