/** Formats `{ … }` and `[ … ]`: on one line, wrapped behind commas, or with one entry a line. */
import type { CST } from 'yaml';
import { Unformattable, WIDTH } from './formatLimits.ts';

interface FlowPlace {
  /** Column of the closing bracket where it has a line of its own. */
  readonly base: number;
  /** Column at which the first line begins. */
  readonly column: number;
  readonly isTall: boolean;
}

/** Stand for the space behind a comma, where a line may be wrapped; between them the depth of the brackets. */
const BREAK = /\0(\d+)\0/;

/** Rows of the text; all but the first with their indentation. */
export function printFlowToken(token: CST.FlowCollection, { base, column, isTall }: FlowPlace): string[] {
  return isTall ? tall(token, base) : fill(oneLine(token, 0), { base, column });
}

/** Whether it holds a comment, or begins with a line break, or holds one that does. */
export function flowNeedsLines(token: CST.FlowCollection): boolean {
  const first = token.items[0]?.start ?? [];
  const tokens = token.items.flatMap(({ start, sep }) => [...start, ...(sep ?? [])]);
  const hasComment = tokens.some(({ type }) => type === 'comment');
  const isOpened = token.items.length > 0 && first.some(({ type }) => type === 'newline');
  const inner = token.items.some(
    ({ value }) => value?.type === 'flow-collection' && (flowNeedsLines(value) || hasEndComment(value)),
  );
  return (
    hasComment || isOpened || inner || token.items.some(({ key, value }) => hasEndComment(key) || hasEndComment(value))
  );
}

function hasEndComment(token: CST.Token | null | undefined): boolean {
  return (
    token !== null && token !== undefined && 'end' in token && (token.end ?? []).some(({ type }) => type === 'comment')
  );
}

/** Wraps as late as fits, behind a comma of the outermost brackets that have one on the line. */
function fill(text: string, { base, column }: { base: number; column: number }): string[] {
  const parts = text.split(BREAK);
  const pieces = parts.filter((_, index) => index % 2 === 0);
  const depths = parts.filter((_, index) => index % 2 === 1).map(Number);
  const rows: string[] = [];
  let from = 0;
  while (from < pieces.length) {
    const margin = rows.length === 0 ? column : base + 2;
    const to = rowEnd({ pieces, depths, from, room: WIDTH - margin });
    rows.push((rows.length === 0 ? '' : ' '.repeat(margin)) + pieces.slice(from, to).join(' '));
    from = to;
  }
  return rows;
}

interface Wrapping {
  readonly pieces: readonly string[];
  /** Of the break behind each piece. */
  readonly depths: readonly number[];
  readonly from: number;
  readonly room: number;
}

/** The piece that begins the next row. */
function rowEnd({ pieces, depths, from, room }: Wrapping): number {
  let fitting = from;
  let length = -1;
  while (fitting < pieces.length && length + 1 + (pieces[fitting] ?? '').length <= room) {
    length += 1 + (pieces[fitting] ?? '').length;
    fitting += 1;
  }
  if (fitting === pieces.length || fitting <= from + 1) {
    return Math.max(fitting, from + 1);
  }
  const breaks = depths.slice(from, fitting);
  return from + breaks.lastIndexOf(Math.min(...breaks)) + 1;
}

function oneLine(token: CST.FlowCollection, depth: number): string {
  const items = entriesOf(token).map((item) => entryText(item, depth));
  const [open, close] = token.start.source === '{' ? ['{ ', ' }'] : ['[', ']'];
  return items.length === 0 ? `${open.trim()}${close.trim()}` : `${open}${items.join(`,\0${depth}\0`)}${close}`;
}

type Entry = CST.FlowCollection['items'][number];

/** Entries with something in them: behind a last comma stands none. */
function entriesOf(token: CST.FlowCollection): Entry[] {
  return token.items.filter(({ key, value, sep, start }) => key || value || sep || start.some(isProperty));
}

function isProperty({ type }: CST.SourceToken): boolean {
  return type === 'anchor' || type === 'tag';
}

function properties(tokens: readonly CST.SourceToken[] = []): string {
  if (tokens.some(({ type }) => type === 'explicit-key-ind')) {
    throw new Unformattable();
  }
  return tokens
    .filter(isProperty)
    .map(({ source }) => `${source} `)
    .join('');
}

function entryText({ start, key, sep, value }: Entry, depth: number): string {
  const head = properties(start);
  return sep === undefined
    ? `${head}${valueText(value ?? key, depth)}`
    : `${head}${valueText(key, depth)}:${value || sep.some(isProperty) ? ` ${properties(sep)}${valueText(value, depth)}`.trimEnd() : ''}`;
}

function valueText(token: CST.Token | null | undefined, depth: number): string {
  if (token === null || token === undefined) {
    return '';
  }
  if (token.type === 'flow-collection') {
    return oneLine(token, depth + 1);
  }
  if (!('source' in token) || token.source.includes('\n') || token.type === 'block-scalar') {
    throw new Unformattable();
  }
  return token.source;
}

/** One entry a line, comments with the entry that they stand behind or before. */
function tall(token: CST.FlowCollection, base: number): string[] {
  const rows: string[] = [token.start.source];
  const inner = ' '.repeat(base + 2);
  const entries = entriesOf(token);
  let isNewLine = false;
  const note = (tokens: readonly CST.SourceToken[] = []) => {
    for (const { type, source } of tokens) {
      isNewLine ||= type === 'newline';
      if (type === 'comment') {
        const text = source.trimEnd();
        rows.push(...(isNewLine ? [inner + text] : [`${rows.pop() ?? ''} ${text}`]));
      }
    }
  };
  for (const item of token.items) {
    note(item.start);
    if (entries.includes(item)) {
      const comma = item === entries.at(-1) ? '' : ',';
      const [first = '', ...others] = tallEntry(item, base + 2);
      rows.push(inner + first, ...others);
      rows.push(`${rows.pop() ?? ''}${comma}`);
      isNewLine = false;
      for (const part of [item.key, item.value]) {
        note(part && 'end' in part ? (part.type === 'flow-collection' ? part.end.slice(1) : (part.end ?? [])) : []);
      }
    }
  }
  return [...rows, ' '.repeat(Math.max(0, base)) + closing(token)];
}

function closing({ start }: CST.FlowCollection): string {
  return start.source === '{' ? '}' : ']';
}

function tallEntry(item: Entry, base: number): string[] {
  const { value, key, sep } = item;
  if (value?.type !== 'flow-collection') {
    return [entryText(item, 0)];
  }
  if (sep?.some(({ type }) => type === 'comment')) {
    throw new Unformattable();
  }
  const head =
    sep === undefined ? properties(item.start) : `${properties(item.start)}${valueText(key, 0)}: ${properties(sep)}`;
  const [first = '', ...others] = printFlowToken(value, {
    base,
    column: base + head.length,
    isTall: flowNeedsLines(value),
  });
  return [head + first, ...others];
}
