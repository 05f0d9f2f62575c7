/** A recipe's text with all its fields in order: what hovers, definitions, renames and fixes look things up in. */
import { type Document, isCollection, isMap, isNode, isPair, isSeq, type Node } from 'yaml';
import { type FieldKeys, formatPath } from '../fieldPath.ts';
import { type RecipeSource, readSource } from '../source.ts';

/** Offsets in the text; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A replacement of a piece of text; nothing is inserted where both ends are one. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** An entry of a group or of a list. */
export interface Field {
  readonly keys: FieldKeys;
  readonly path: string;
  /** The key itself, quotes included; null for an entry of a list. */
  readonly key: Span | null;
  /** Without anchor and tag; null where nothing is written. */
  readonly value: Span | null;
  readonly node: Node | null;
  /** Whether it stands in `{ … }` or `[ … ]`. */
  readonly isFlow: boolean;
}

export interface RecipeText {
  readonly source: RecipeSource;
  readonly text: string;
  /** In the order of the file, each group before what it holds. */
  readonly fields: readonly Field[];
  /** Whether it is written as JSON, so that keys and words are quoted. */
  readonly isJson: boolean;
  readonly eol: '\n' | '\r\n';
  at(path: string): Field | undefined;
}

export function readRecipeText(text: string): RecipeText {
  return fromSource(readSource(text));
}

export function fromSource(source: RecipeSource): RecipeText {
  const fields = collect(source.document);
  const byPath = new Map<string, Field>();
  for (const field of fields) {
    if (!byPath.has(field.path)) {
      byPath.set(field.path, field);
    }
  }
  return {
    source,
    text: source.text,
    fields,
    isJson: isJsonText(source.text),
    eol: source.text.includes('\r\n') ? '\r\n' : '\n',
    at: (path) => byPath.get(path),
  };
}

/** A recipe that begins with a brace and a quote; a flow map of YAML writes its keys bare. */
export function isJsonText(text: string): boolean {
  return /^\uFEFF?\s*\{\s*(["}]|$)/.test(text);
}

function collect(document: Document): Field[] {
  const fields: Field[] = [];
  const visit = (node: unknown, keys: FieldKeys): void => {
    if (!isCollection(node) || !(isMap(node) || isSeq(node))) {
      return;
    }
    const isFlow = node.flow === true;
    node.items.forEach((item: unknown, index: number) => {
      const key = isPair(item) && isNode(item.key) ? item.key : null;
      const value = isPair(item) ? item.value : item;
      const inner = [...keys, isPair(item) ? String(key ?? '') : index];
      const found = isNode(value) ? value : null;
      fields.push({
        keys: inner,
        path: formatPath(inner),
        key: spanOf(key),
        value: spanOf(found),
        node: found,
        isFlow,
      });
      visit(value, inner);
    });
  };
  visit(document.contents, []);
  return fields;
}

function spanOf(node: Node | null): Span | null {
  const range = node?.range;
  return range && range[1] > range[0] ? { start: range[0], end: range[1] } : null;
}

export type FieldPart = 'key' | 'value';

/** The innermost field whose key or value the offset is in. */
export function fieldAt(recipe: RecipeText, offset: number): { field: Field; part: FieldPart } | null {
  const holds = (span: Span | null) => span !== null && offset >= span.start && offset <= span.end;
  const field = recipe.fields.findLast(({ key, value }) => holds(key) || holds(value));
  return field === undefined ? null : { field, part: holds(field.key) ? 'key' : 'value' };
}

/** The text of a field's value as it stands in the file; empty where there is none. */
export function textOf(recipe: RecipeText, span: Span | null): string {
  return span === null ? '' : recipe.text.slice(span.start, span.end);
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const inOrder = [...edits].sort((a, b) => b.start - a.start || b.end - a.end);
  return inOrder.reduce(
    (result, { start, end, text: piece }) => result.slice(0, start) + piece + result.slice(end),
    text,
  );
}
