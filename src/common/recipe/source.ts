/** A recipe's YAML text with the places of its fields: from a field to its line, and from a line to its field. */
import { type Document, isCollection, isMap, isNode, isPair, isSeq, type Node, type Pair, parseDocument } from 'yaml';
import type { Problem, SourceRange } from '../errors.ts';
import { type FieldKeys, formatPath, toKeys } from './fieldPath.ts';
import { linePlaces } from './linePlaces.ts';

export interface RecipeSource {
  readonly text: string;
  /** The syntax tree; of broken text as far as it can be told. */
  readonly document: Document;
  /** Place of a piece of the text, given by its offsets. */
  range(start: number, end: number): SourceRange;
  /** The YAML as plain values; null where it cannot be read at all. */
  readonly value: unknown;
  /** Syntax errors, each with its place. */
  readonly problems: Problem[];
  /** Place of a field, or of the nearest field around it that exists. */
  locate(path: string): SourceRange | null;
  /** Place of a key itself, for keys that should not be there. */
  locateKey(path: string): SourceRange | null;
  /** The deepest field on a line (from 1), or null. */
  pathAt(line: number): string | null;
}

export function readSource(text: string): RecipeSource {
  const placeOf = linePlaces(text);
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  const range = (start: number, end: number): SourceRange => {
    const from = placeOf(start);
    const to = placeOf(end);
    return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
  // One slip makes several errors on its line; the first one tells.
  const firstPerLine = document.errors.filter(
    (error, index, all) => all.findIndex((other) => lineOf(placeOf, other) === lineOf(placeOf, error)) === index,
  );
  const problems: Problem[] = firstPerLine.map((error) => ({
    code: 'recipe-syntax',
    path: 'recipe',
    message: `The YAML cannot be read: ${error.message.replace(/\.$/, '')}.`,
    remedy: 'Check the indentation, the colons and the brackets here.',
    range: range(error.pos[0], Math.max(error.pos[1], error.pos[0] + 1)),
  }));
  const value = problems.length > 0 ? null : toValue(document);
  if (value instanceof Error) {
    problems.push(aliasProblem(value.message));
  }
  return {
    text,
    document,
    range,
    value,
    problems,
    locate: (path) => rangeOf(nearestNode(document, toKeys(path)), range),
    locateKey: (path) =>
      rangeOf(keyNode(document, toKeys(path)), range) ?? rangeOf(nearestNode(document, toKeys(path)), range),
    pathAt: (line) => deepestAt(document, placeOf, line),
  };
}

type PlaceOf = ReturnType<typeof linePlaces>;

function lineOf(placeOf: PlaceOf, error: { readonly pos: readonly [number, number] }): number {
  return placeOf(error.pos[0]).line;
}

/** Aliases are limited, so that a few lines cannot blow up into gigabytes; too many, or one that points nowhere, give an error. */
function toValue(document: Document): unknown {
  try {
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    return holdsItself(value, []) ? new Error('an alias stands inside of what it stands for') : value;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What holds itself has no end, and whoever walks through it would find none. */
function holdsItself(value: unknown, around: readonly object[]): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const path = [...around, value];
  return around.includes(value) || Object.values(value).some((inner) => holdsItself(inner, path));
}

function aliasProblem(message: string): Problem {
  return {
    code: 'recipe-syntax',
    path: 'recipe',
    message: `The YAML cannot be read: ${message}.`,
    remedy: 'Write the values out instead of using aliases.',
  };
}

type RangeOf = (start: number, end: number) => SourceRange;

function rangeOf(node: Node | null, range: RangeOf): SourceRange | null {
  const place = node?.range;
  return place ? range(place[0], Math.max(place[1], place[0] + 1)) : null;
}

function nearestNode(document: Document, keys: FieldKeys): Node | null {
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const node = document.getIn(keys.slice(0, depth), true);
    if (isNode(node) && node.range) {
      return isCollection(node) ? (keyNode(document, keys.slice(0, depth)) ?? node) : node;
    }
  }
  return isNode(document.contents) ? document.contents : null;
}

function keyNode(document: Document, keys: FieldKeys): Node | null {
  const last = keys.at(-1);
  const parent = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
  if (!isMap(parent)) {
    return null;
  }
  const pair = (parent.items as Pair[]).find((item) => isNode(item.key) && String(item.key) === String(last));
  return pair && isNode(pair.key) ? pair.key : null;
}

/** Goes down while just one field covers the line; where several stand on it, their owner speaks for the line. */
function deepestAt(document: Document, placeOf: PlaceOf, line: number): string | null {
  const covers = (child: Child): boolean => {
    const start = child.key?.range?.[0] ?? child.value?.range?.[0];
    const end = child.value?.range?.[1] ?? child.key?.range?.[1];
    return (
      start !== undefined &&
      end !== undefined &&
      line >= placeOf(start).line &&
      line <= placeOf(Math.max(start, end - 1)).line
    );
  };
  const descend = (node: unknown, keys: FieldKeys): FieldKeys => {
    const here = childrenOf(node, keys).filter(covers);
    const only = here.length === 1 ? here[0] : undefined;
    return only === undefined ? keys : descend(only.value, only.keys);
  };
  const found = descend(document.contents, []);
  return found.length === 0 ? null : formatPath(found);
}

interface Child {
  readonly keys: FieldKeys;
  readonly key: Node | null;
  readonly value: Node | null;
}

function childrenOf(node: unknown, keys: FieldKeys): Child[] {
  if (!isMap(node) && !isSeq(node)) {
    return [];
  }
  const asNode = (value: unknown) => (isNode(value) ? value : null);
  return node.items.map((item, index) =>
    isPair(item)
      ? { keys: [...keys, String(item.key)], key: asNode(item.key), value: asNode(item.value) }
      : { keys: [...keys, index], key: null, value: asNode(item) },
  );
}
