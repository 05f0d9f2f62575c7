/** A recipe's YAML text with the places of its fields: from a field to its line, and from a line to its field. */
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import type { Problem, SourceRange } from '../errors.ts';
import { type FieldKeys, formatPath, toKeys } from './fieldPath.ts';

export interface RecipeSource {
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const range = (start: number, end: number): SourceRange => {
    const from = lines.linePos(start);
    const to = lines.linePos(end);
    return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
  const problems = document.errors.map((error) => ({
    code: 'recipe-syntax' as const,
    path: 'recipe',
    message: `The YAML cannot be read: ${error.message.replace(/\.$/, '')}.`,
    remedy: 'Check the indentation, the colons and the brackets here.',
    range: range(error.pos[0], Math.max(error.pos[1], error.pos[0] + 1)),
  }));
  return {
    value: problems.length > 0 ? null : toValue(document),
    problems,
    locate: (path) => rangeOf(nearestNode(document, toKeys(path)), range),
    locateKey: (path) =>
      rangeOf(keyNode(document, toKeys(path)), range) ?? rangeOf(nearestNode(document, toKeys(path)), range),
    pathAt: (line) => deepestAt(document, lines, line),
  };
}

/** Aliases are limited, so that a few lines cannot blow up into gigabytes. */
function toValue(document: Document): unknown {
  return document.toJS({ maxAliasCount: 100 }) as unknown;
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

function deepestAt(document: Document, lines: LineCounter, line: number): string | null {
  const lineOf = (offset: number) => lines.linePos(offset).line;
  let found: FieldKeys | null = null;
  const visit = (node: unknown, keys: FieldKeys): void => {
    if (isMap(node) || isSeq(node)) {
      node.items.forEach((item, index) => {
        if (isPair(item)) {
          descend(item.value, [...keys, String(item.key)], isNode(item.key) ? item.key : null);
        } else {
          descend(item, [...keys, index], null);
        }
      });
    }
  };
  const descend = (child: unknown, keys: FieldKeys, key: Node | null): void => {
    const value = isNode(child) ? child : null;
    const start = key?.range?.[0] ?? value?.range?.[0];
    const end = value?.range?.[1] ?? key?.range?.[1];
    if (start === undefined || end === undefined || line < lineOf(start) || line > lineOf(Math.max(start, end - 1))) {
      return;
    }
    // On a line with several fields the first one at this depth speaks for the line.
    if (found === null || found.every((part, index) => keys[index] === part)) {
      found = keys;
    }
    visit(child, keys);
  };
  visit(document.contents, []);
  return found === null ? null : formatPath(found);
}
