/** Recipes: real ones with faults in them, read, completed, explained, mended and formatted. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import type { SourceRange } from '../../src/common/errors.ts';
import { complete } from '../../src/common/recipe/language/completion.ts';
import { fixAll } from '../../src/common/recipe/language/fixAll.ts';
import { formatRecipe } from '../../src/common/recipe/language/format.ts';
import { hoverAt } from '../../src/common/recipe/language/hover.ts';
import { definitionAt } from '../../src/common/recipe/language/navigate.ts';
import { outlineOf } from '../../src/common/recipe/language/outline.ts';
import { applyEdits, fromSource, type Span } from '../../src/common/recipe/language/recipeText.ts';
import { parseSource } from '../../src/common/recipe/parse.ts';
import { readSource } from '../../src/common/recipe/source.ts';
import { shippedRecipes } from '../fixtures/recordings.ts';
import { TINY_RECIPE } from '../fixtures/runFolders.ts';
import { tinyJson, tinyTune } from '../fixtures/tinyRecipe.ts';
import { type Fuzzer, inTime } from './fuzzer.ts';

const ODD: readonly string[] = [
  ...['\t', '\n\t', '\r\n', '\r', '\u{feff}', '\0', ' ', '  ', '\n', '\n\n', '# ', ' # x\n', '\u2028', '\u0085'],
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '!!binary ',
    '!!set ',
    '!x ',
    '? ',
    ': ',
    '- ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '|\n',
    '>-\n',
  ],
  ...['{', '}', '[', ']', '"', "'", ',', ':', '\\', '`', '@', '$', '$units', '$$'],
  ...[
    '1e999',
    '-1e999',
    '0x1F',
    '0o17',
    '.inf',
    '-.inf',
    '.nan',
    '12345678901234567890',
    '1_000',
    '2026-01-01',
    '~',
    'null',
  ],
  ...['__proto__: 1\n', 'constructor: 1\n', 'toString', 'hasOwnProperty: x\n', '"__proto__": {}', 'length: 1\n'],
  ...['🦊', '\ud800', 'ä', '\u202e', 'x'.repeat(3000), '['.repeat(200), '{a: '.repeat(60), '- '.repeat(60)],
  'bomb: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n',
  'me: &me { me: *me }\n',
  '  - dense: { units: 1e9 }\n',
  '  - lstm: { units: -1, dropout: 2 }\n',
  'params: { a: $b, b: $a }\n',
  'tune:\n  objective: { minimize: val_loss }\n  params: { units: { int: [1, 1e12] } }\n',
];

const change = fc.record({
  kind: fc.constantFrom('insert', 'insert', 'delete', 'double', 'swap', 'letter', 'crlf', 'bom', 'indent'),
  at: fc.nat(100_000),
  to: fc.nat(100_000),
  odd: fc.constantFrom(...ODD),
  letter: fc.string({ unit: 'binary', maxLength: 3 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const cases = fc.record({
  recipe: fc.nat(100),
  changes: fc.array(change, { maxLength: 5 }),
  cursors: fc.array(fc.nat(100_000), { minLength: 1, maxLength: 3 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

export const recipeFuzzer: Fuzzer = {
  name: 'recipes',
  property() {
    const texts = [
      ...[...shippedRecipes().values()].map((file) => readFileSync(file, 'utf8')),
      TINY_RECIPE,
      tinyJson,
      tinyTune,
    ];
    return fc.asyncProperty(cases, (one) => {
      const { recipe, changes, cursors } = one as Case;
      const text = changes.reduce(apply, texts[recipe % texts.length] ?? '');
      return inTime('the language', () => checkText(text, cursors));
    });
  },
};

export function checkText(text: string, cursors: readonly number[]): void {
  const source = readSource(text);
  const parsed = parseSource(source);
  const recipe = fromSource(source);
  assert.equal(parsed.recipe === null, parsed.problems.length > 0);
  const lines = text.split('\n');
  for (const problem of parsed.problems) {
    if (problem.range !== undefined) {
      assertInside(problem.range, lines, problem.code);
    }
    for (const { range } of problem.fix?.edits ?? []) {
      assertInside(range, lines, `the fix of ${problem.code}`);
    }
  }
  for (const cursor of cursors) {
    const offset = cursor % (text.length + 1);
    for (const offer of complete(text, offset, { columns: ['a', 'b'], recipe })) {
      assertSpan(offer, text);
      for (const edit of offer.before) {
        assertSpan(edit, text);
      }
      applyEdits(text, offer.before);
    }
    const hover = hoverAt(recipe, offset, parsed.graph);
    if (hover !== null) {
      assertSpan(hover.span, text);
    }
    const definition = definitionAt(recipe, offset);
    if (definition !== null) {
      assertSpan(definition, text);
    }
  }
  outlineOf(recipe);
  fixAll(text, ['a', 'b']);
  checkFormat(text);
}

function checkFormat(text: string): void {
  const formatted = formatRecipe(text);
  assert.equal(formatRecipe(formatted), formatted, 'formatting twice changes more');
  if (formatted !== text) {
    assert.equal(meaning(formatted), meaning(text), 'formatting changes what is meant');
  }
}

function meaning(text: string): string {
  return JSON.stringify(parseDocument(text).toJS({ maxAliasCount: 100 }));
}

function assertSpan({ start, end }: Span, text: string): void {
  assert.ok(0 <= start && start <= end && end <= text.length, `${start} to ${end} of ${text.length}`);
}

function assertInside(range: SourceRange, lines: readonly string[], what: string): void {
  const isInside = (line: number, column: number) =>
    line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1;
  const { line, column, endLine, endColumn } = range;
  const isOrdered = line < endLine || (line === endLine && column <= endColumn);
  assert.ok(isInside(line, column) && isInside(endLine, endColumn) && isOrdered, `${what}: ${JSON.stringify(range)}`);
}

function apply(text: string, { kind, at, to, odd, letter }: Change): string {
  const place = at % (text.length + 1);
  const lines = text.split('\n');
  const [from, other] = [at % lines.length, to % lines.length];
  switch (kind) {
    case 'insert':
      return text.slice(0, place) + odd + text.slice(place);
    case 'letter':
      return text.slice(0, place) + letter + text.slice(place + 1);
    case 'delete':
      return text.slice(0, place) + text.slice(place + (to % 40));
    case 'double':
      return [...lines.slice(0, other), lines[from] ?? '', ...lines.slice(other)].join('\n');
    case 'swap':
      return lines
        .with(from, lines[other] ?? '')
        .with(other, lines[from] ?? '')
        .join('\n');
    case 'indent':
      return lines.with(from, `${' '.repeat(to % 5)}${lines[from]?.trimStart() ?? ''}`).join('\n');
    case 'crlf':
      return text.replace(/\r?\n/g, '\r\n');
    default:
      return `\u{feff}${text}`;
  }
}
