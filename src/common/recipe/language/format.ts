/** Formats a recipe: indentation, spaces and blank lines; words, numbers, quotes, comments and order stay as they are. */
import { CST, Parser, parseAllDocuments, visit } from 'yaml';
import { flowNeedsLines, printFlowToken } from './formatFlow.ts';
import { Unformattable } from './formatLimits.ts';
import { createLines, type Lines } from './formatLines.ts';

/**
 * Gives the formatted text; the text itself where it is broken, or where formatting it could change what it means.
 * `{ … }` stays on its line up to 120 columns and is wrapped behind its commas beyond; one that was opened with a line
 * break keeps one entry a line.
 */
export function formatRecipe(text: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unix = text.replaceAll('\r\n', '\n');
  // A carriage return by itself ends no line in YAML, and would do so beside the next line break.
  const before = unix.includes('\r') ? null : essence(unix);
  if (before === null) {
    return text;
  }
  try {
    const formatted = print(unix);
    return essence(formatted) === before ? formatted.replaceAll('\n', eol) : text;
  } catch (error) {
    if (error instanceof Unformattable) {
      return text;
    }
    throw error;
  }
}

/** Values, anchors and comments as one text; null of what is broken, empty or several documents. */
function essence(text: string): string | null {
  const documents = parseAllDocuments(text, { prettyErrors: false });
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (document === undefined || documents.length !== 1 || document.errors.length > 0) {
    return null;
  }
  const anchors: string[] = [];
  visit(document, {
    Node: (_key, node) => {
      anchors.push(...('anchor' in node && node.anchor ? [node.anchor] : []));
    },
  });
  try {
    return JSON.stringify([document.toJS({ maxAliasCount: 100 }), anchors, commentsOf(text)]);
  } catch {
    return null;
  }
}

function commentsOf(text: string): string[] {
  const comments: string[] = [];
  const collect = (tokens: readonly CST.SourceToken[] = []) =>
    comments.push(...tokens.filter(({ type }) => type === 'comment').map(({ source }) => source.trimEnd()));
  const walk = (token: CST.Token | null | undefined): void => {
    if (token === null || token === undefined) {
      return;
    }
    if (token.type === 'comment') {
      comments.push(token.source.trimEnd());
    }
    collect('start' in token && Array.isArray(token.start) ? token.start : []);
    for (const item of 'items' in token ? token.items : []) {
      collect(item.start);
      walk('key' in item ? item.key : null);
      collect('sep' in item ? (item.sep ?? []) : []);
      walk(item.value);
    }
    collect('props' in token ? (token.props as CST.SourceToken[]) : []);
    walk('value' in token ? token.value : null);
    collect('end' in token ? (token.end ?? []) : []);
  };
  for (const token of new Parser().parse(text)) {
    walk(token);
  }
  return comments;
}

function print(text: string): string {
  const lines = createLines();
  for (const token of new Parser().parse(text)) {
    if (token.type === 'document') {
      lines.trivia(token.start, 0);
      lines.begin(0);
      printValue(token.value, { lines, indent: -2, isInline: false });
      lines.trivia(token.end ?? [], 0);
    } else if (token.type === 'comment' || token.type === 'newline' || token.type === 'space') {
      lines.trivia([token], 0);
    } else {
      throw new Unformattable();
    }
  }
  return lines.text();
}

interface Place {
  readonly lines: Lines;
  /** Column of the key or the dash that the value belongs to; -2 of the recipe itself. */
  readonly indent: number;
  /** Whether the value goes on where the line is: behind a dash, or at the start of the file. */
  readonly isInline: boolean;
}

function printValue(token: CST.Token | null | undefined, place: Place): void {
  const { lines, indent } = place;
  if (token === null || token === undefined) {
    return;
  }
  switch (token.type) {
    case 'alias':
    case 'scalar':
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
      lines.word(token.source, indent + 2);
      lines.trivia(token.end ?? [], indent + 2);
      return;
    case 'block-scalar':
      printBlockScalar(token, place);
      return;
    case 'flow-collection':
      lines.words(printFlowToken(token, { base: indent + 2, column: lines.column(), isTall: flowNeedsLines(token) }));
      lines.trivia(token.end.slice(1), indent + 2);
      return;
    case 'block-map':
      for (const [index, item] of token.items.entries()) {
        printEntry(item, { ...place, indent: indent + 2, isInline: place.isInline && index === 0 });
      }
      return;
    case 'block-seq':
      for (const [index, item] of token.items.entries()) {
        printItem(item, { ...place, indent: indent + 2, isInline: place.isInline && index === 0 });
      }
      return;
    default:
      throw new Unformattable();
  }
}

function printEntry({ start, key, sep, value }: CST.BlockMap['items'][number], place: Place): void {
  const { lines, indent } = place;
  if (key === undefined && sep === undefined) {
    lines.trivia(start, indent);
    return;
  }
  if (start.some(({ type }) => type === 'explicit-key-ind') || !CST.isScalar(key)) {
    throw new Unformattable();
  }
  open(start, place);
  lines.word(key.source, indent + 2);
  lines.glue(':');
  lines.trivia(
    (sep ?? []).filter(({ type }) => type !== 'map-value-ind'),
    indent + 2,
  );
  printValue(value, { lines, indent, isInline: false });
}

function printItem({ start, value }: CST.BlockSequence['items'][number], place: Place): void {
  const { lines, indent } = place;
  const dash = start.findIndex(({ type }) => type === 'seq-item-ind');
  if (dash === -1) {
    lines.trivia(start, indent);
    return;
  }
  open(start.slice(0, dash), place);
  lines.word('-', indent);
  const after = start.slice(dash + 1);
  lines.trivia(after, indent + 2);
  const hasComment = after.some(({ type }) => type === 'comment');
  printValue(value, { lines, indent, isInline: !hasComment });
}

/** Comments and blank lines before an entry, then its line. */
function open(start: readonly CST.SourceToken[], { lines, indent, isInline }: Place): void {
  const isProperty = ({ type }: CST.SourceToken) => type === 'anchor' || type === 'tag';
  lines.trivia(
    start.filter((token) => !isProperty(token)),
    indent,
  );
  if (!isInline) {
    lines.begin(indent);
  }
  lines.trivia(start.filter(isProperty), indent);
}

function printBlockScalar(token: CST.BlockScalar, { lines, indent }: Place): void {
  const header = token.props.find(({ type }) => type === 'block-scalar-header');
  if (header === undefined || !('source' in header) || /\d/.test(header.source)) {
    throw new Unformattable();
  }
  lines.trivia(token.props.filter(({ type }) => type !== 'newline') as CST.SourceToken[], indent + 2);
  const rows = token.source.replace(/\n$/, '').split('\n');
  const margin = /^ */.exec(rows.find((row) => row.trim() !== '') ?? '')?.[0].length ?? 0;
  for (const row of rows) {
    lines.raw(row.trim() === '' ? '' : ' '.repeat(indent + 2) + row.slice(margin));
  }
}
