/** Changes to a recipe's text that leave the rest as it is: values set, keys put in, renamed and taken out. */
import { isMap, isScalar, type Node } from 'yaml';
import { type FieldKeys, formatPath, toKeys } from '../fieldPath.ts';
import { printText } from '../printValue.ts';
import type { Field, RecipeText, TextEdit } from './recipeText.ts';

/** Puts `text` in place of a field's value, or puts the field in where there is none. */
export function setValue(recipe: RecipeText, path: string, text: string): TextEdit[] {
  const field = recipe.at(path);
  if (field?.value) {
    return [{ ...field.value, text }];
  }
  const keys = toKeys(path);
  const key = keys.at(-1);
  if (field?.key) {
    return [afterColon(recipe, field.key.end, text)];
  }
  return typeof key === 'string' ? insertKey(recipe, keys.slice(0, -1), { key, text }) : [];
}

function afterColon({ text: all }: RecipeText, keyEnd: number, text: string): TextEdit {
  const colon = all.indexOf(':', keyEnd) + 1;
  return { start: colon, end: colon, text: ` ${text}` };
}

export interface Entry {
  readonly key: string;
  /** The value in the style of the file, on one line. */
  readonly text: string;
  /** The key of the same group that it is put behind; the last one when absent. */
  readonly after?: string;
}

/** Puts a key into the group at `keys`, which is made where it is missing; in block style on a line of its own. */
export function insertKey(recipe: RecipeText, keys: FieldKeys, entry: Entry): TextEdit[] {
  const field = keys.length === 0 ? undefined : recipe.at(formatPath(keys));
  const node = keys.length === 0 ? recipe.source.document.contents : (field?.node ?? null);
  const line = `${printText(entry.key, recipe)}: ${entry.text}`;
  if (isMap(node)) {
    const items = groupFields(recipe, keys);
    return [
      node.flow === true ? intoBraces(recipe, { node, items, line, entry }) : intoBlock(recipe, { items, line, entry }),
    ];
  }
  if (field?.key && isEmpty(node)) {
    return field.value === null
      ? [afterColon(recipe, field.key.end, `{ ${line} }`)]
      : [{ ...field.value, text: `{ ${line} }` }];
  }
  return field === undefined ? intoMissing(recipe, keys, line) : [];
}

function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** The group is not there: a bare word becomes a group with settings, a missing key gets its braces. */
function intoMissing(recipe: RecipeText, keys: FieldKeys, line: string): TextEdit[] {
  const last = keys.at(-1);
  const outer = recipe.at(formatPath(keys.slice(0, -1)));
  if (typeof last !== 'string') {
    return [];
  }
  if (outer?.value && isScalar(outer.node) && outer.node.value === last) {
    const group = `${printText(last, recipe)}: { ${line} }`;
    const isBlockItem = outer.key === null && !outer.isFlow;
    return [{ ...outer.value, text: isBlockItem ? group : `{ ${group} }` }];
  }
  return insertKey(recipe, keys.slice(0, -1), { key: last, text: `{ ${line} }` });
}

function groupFields(recipe: RecipeText, keys: FieldKeys): Field[] {
  const path = formatPath(keys);
  return recipe.fields.filter(
    (field) => field.keys.length === keys.length + 1 && formatPath(field.keys.slice(0, -1)) === path,
  );
}

interface Insertion {
  readonly items: readonly Field[];
  readonly line: string;
  readonly entry: Entry;
}

function neighbour({ items, entry }: Insertion): Field | undefined {
  return items.find(({ keys }) => keys.at(-1) === entry.after) ?? items.at(-1);
}

function intoBraces(recipe: RecipeText, insertion: Insertion & { readonly node: Node }): TextEdit {
  const { node, items, line } = insertion;
  const [start = 0, end = 0] = node.range ?? [];
  const before = neighbour(insertion);
  if (before === undefined) {
    return { start, end, text: `{ ${line} }` };
  }
  const at = before.value?.end ?? before.key?.end ?? start + 1;
  const first = items[0]?.key?.start ?? start;
  const lead = recipe.text.slice(start + 1, first);
  // One entry a line where the first one stands on its own.
  const isTall = lead.includes('\n');
  return {
    start: at,
    end: at,
    text: isTall ? `,${recipe.eol}${lead.slice(lead.lastIndexOf('\n') + 1)}${line}` : `, ${line}`,
  };
}

function intoBlock(recipe: RecipeText, insertion: Insertion): TextEdit {
  const { text, eol } = recipe;
  const before = neighbour(insertion);
  const first = insertion.items[0]?.key?.start ?? 0;
  const column = first - (text.lastIndexOf('\n', first - 1) + 1);
  const end = text.slice(0, Math.max(before?.key?.end ?? 0, before?.value?.end ?? 0)).trimEnd().length;
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd === -1 ? text.length : text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd;
  return { start: at, end: at, text: `${eol}${' '.repeat(column)}${insertion.line}` };
}

/** Writes another key in place of the one that is there, in the same quotes. */
export function renameKey(recipe: RecipeText, path: string, key: string): TextEdit[] {
  const span = recipe.at(path)?.key;
  const quote = span ? /^["']/.exec(recipe.text.slice(span.start, span.end))?.[0] : undefined;
  return span ? [{ ...span, text: quote === undefined ? printText(key) : `${quote}${key}${quote}` }] : [];
}

/** Takes an entry out with its comma, or with its line where it is the only one on it. */
export function removeField(recipe: RecipeText, path: string): TextEdit[] {
  const field = recipe.at(path);
  const start = field?.key?.start ?? field?.value?.start;
  if (field === undefined || start === undefined) {
    return [];
  }
  const end = Math.max(field.value?.end ?? 0, field.key?.end ?? 0);
  return [field.isFlow ? outOfBraces(recipe.text, start, end) : outOfBlock(recipe.text, start, end)];
}

function outOfBraces(text: string, start: number, end: number): TextEdit {
  const colon = /^\s*:/.exec(text.slice(end))?.[0].length ?? 0;
  const after = /^\s*,\s*/.exec(text.slice(end + colon))?.[0].length ?? 0;
  const before = /,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return after > 0
    ? { start, end: end + colon + after, text: '' }
    : { start: start - before, end: end + colon, text: '' };
}

/** A block entry ends at the end of its last line; behind a dash only the entry itself goes. */
function outOfBlock(text: string, start: number, end: number): TextEdit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const last = text.slice(0, end).trimEnd().length;
  const lineEnd = text.indexOf('\n', Math.max(last, start));
  const isAlone = text.slice(lineStart, start).trim() === '';
  if (!isAlone) {
    return { start, end: last, text: '' };
  }
  return lineEnd === -1
    ? { start: Math.max(0, lineStart - 1), end: text.length, text: '' }
    : { start: lineStart, end: lineEnd + 1, text: '' };
}
