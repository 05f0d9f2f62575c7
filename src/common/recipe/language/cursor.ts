/** Where in a recipe the cursor stands, told from text that may be unfinished and so is no valid YAML. */
import type { FieldKeys } from '../fieldPath.ts';
import { enterFlow, type FlowGroup, type FlowState, readFlow, takenLater } from './flowCursor.ts';

export interface CursorPlace {
  /** Of the group whose key is being written, or of the field whose value is. */
  readonly keys: FieldKeys;
  readonly wants: 'key' | 'value';
  /** Keys that the group has already, before and behind the cursor. */
  readonly taken: readonly string[];
  /** Offset at which the half-typed word begins, its quote included; the cursor where nothing is typed yet. */
  readonly start: number;
  /** The quote that the word is in. */
  readonly quote: '"' | "'" | null;
  readonly isFlow: boolean;
  /** Column of the key or the dash in block style, counted from 0. */
  readonly column: number;
  /** The entry before is finished and no comma follows it. */
  readonly needsComma: boolean;
}

interface Level {
  /** Column at which the key or the dash stands. */
  readonly column: number;
  readonly part: string | number;
  /** Keys of its group so far, its own included. */
  readonly taken: readonly string[];
}

interface BlockState {
  readonly levels: Level[];
  flow: FlowState | null;
  /** Column of the key whose `|` or `>` text is being read. */
  literal: number | null;
}

/** @param offset Place of the cursor in `text`. */
export function cursorPlace(text: string, offset: number): CursorPlace | null {
  const lines = text.slice(0, offset).split('\n');
  const current = lines.pop() ?? '';
  const state: BlockState = { levels: [], flow: null, literal: null };
  for (const line of lines.filter((one) => one.trim() !== '')) {
    readLine(line.trimEnd(), state);
  }
  return lastLine(current, state, { text, offset });
}

interface Cursor {
  readonly text: string;
  readonly offset: number;
}

function lastLine(line: string, state: BlockState, cursor: Cursor): CursorPlace | null {
  const lineStart = cursor.offset - line.length;
  const end = readLine(line, state);
  if (end === null) {
    return null;
  }
  const outer = state.levels.map(({ part }) => part);
  if (state.flow !== null) {
    return flowPlace(state, { outer, lineStart }, cursor);
  }
  const word = wordIn(end.rest);
  if (word === null) {
    return null;
  }
  return {
    keys: outer,
    wants: end.isKey ? 'key' : 'value',
    taken: end.isKey ? [...end.taken, ...takenBelow(cursor, end.column)] : [],
    start: lineStart + end.restAt + word.at,
    quote: word.quote,
    isFlow: false,
    column: end.column,
    needsComma: false,
  };
}

function flowPlace(
  state: BlockState,
  place: { readonly outer: FieldKeys; readonly lineStart: number },
  cursor: Cursor,
): CursorPlace | null {
  const flow = state.flow as FlowState;
  if (flow.isComment) {
    return null;
  }
  const inner = flow.open.at(-1) as FlowGroup;
  const isSettled = flow.isSettled;
  // `{ units: 3 |`: what follows a finished value is the next entry, once a comma is put between.
  const needsComma = isSettled && flow.word !== '' && (inner.kind === '[' || inner.part !== null);
  if (isSettled && !(needsComma && (state.levels.length === 0 || !/^[A-Za-z]/.test(flow.word)))) {
    return null;
  }
  const parts = flow.open.map((group) => group.part);
  const last = inner.kind === '[' ? Number(inner.part) + (needsComma ? 1 : 0) : needsComma ? null : inner.part;
  const keys = [...place.outer, ...[...parts.slice(0, -1), last].flatMap((part) => part ?? [])];
  const wants = inner.kind === '{' && last === null ? 'key' : 'value';
  const margin = state.levels.at(-1)?.column ?? -1;
  return {
    keys,
    wants,
    taken: wants === 'key' ? [...inner.taken, ...takenLater(cursor.text, cursor.offset, margin)] : [],
    start: isSettled || flow.word === '' ? cursor.offset : place.lineStart + flow.wordAt,
    quote: isSettled ? null : flow.quote,
    isFlow: true,
    column: margin,
    needsComma,
  };
}

const KEY = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#&*!|>'"%@`{}[\],-][^#:{}[\],]*?)\s*:(?=\s|$)/;

interface LineEnd {
  /** Whether no key stands on the line yet. */
  readonly isKey: boolean;
  readonly column: number;
  readonly taken: readonly string[];
  /** What follows the dashes and the key, and its column. */
  readonly rest: string;
  readonly restAt: number;
}

/** Takes a line's dashes, key and brackets into the state; null inside comments and texts of several lines. */
function readLine(line: string, state: BlockState): LineEnd | null {
  const indent = line.length - line.trimStart().length;
  const isBlank = line.trim() === '';
  if (state.literal !== null && (isBlank || indent > state.literal)) {
    return isBlank && indent <= state.literal ? blockLine(line, state) : null;
  }
  state.literal = null;
  const owner = state.levels.at(-1);
  // In YAML what is in brackets stands further in than their key: a line that does not ends brackets left open.
  const isLeft = owner !== undefined && !isBlank && indent <= owner.column && !/^\s*[}\]]/.test(line);
  if (state.flow !== null && !isLeft) {
    const flow = readFlow(state.flow, line, 0);
    state.flow = flow.open.length === 0 ? null : flow;
    if (state.flow === null) {
      return null; // Behind the last bracket nothing can be written on this line.
    }
    return { isKey: false, column: 0, taken: [], rest: '', restAt: 0 };
  }
  state.flow = null;
  return line.trimStart().startsWith('#') ? null : blockLine(line, state);
}

function blockLine(line: string, state: BlockState): LineEnd {
  const { levels } = state;
  let column = line.length - line.trimStart().length;
  for (let dash = /^-\s+|^-$/.exec(line.slice(column)); dash !== null; dash = /^-\s+|^-$/.exec(line.slice(column))) {
    const at = column;
    const last = popTo(levels, (one) => one.column > at || (one.column === at && typeof one.part === 'number'));
    const number = last?.column === at && typeof last.part === 'number' ? last.part + 1 : 0;
    levels.push({ column: at, part: number, taken: [] });
    column += dash[0].length;
  }
  const text = line.slice(column);
  const sibling = popTo(levels, (one) => one.column >= column);
  const taken = sibling?.column === column && typeof sibling.part === 'string' ? sibling.taken : [];
  const found = KEY.exec(text);
  const key = found?.[1]?.replace(/^(["'])(.*)\1$/, '$2');
  if (found === null || key === undefined) {
    openFlow(text, column, state);
    return { isKey: true, column, taken, rest: text, restAt: column };
  }
  levels.push({ column, part: key, taken: [...taken, key] });
  const rest = text.slice(found[0].length);
  openFlow(rest, column + found[0].length, state);
  state.literal = /^\s*(?:[&!]\S+\s+)*[|>][-+\d]*\s*(?:#.*)?$/.test(rest) ? column : null;
  return { isKey: false, column, taken, rest, restAt: column + found[0].length };
}

/** Reads brackets that begin a value, behind its anchor or tag. */
function openFlow(text: string, at: number, state: BlockState): void {
  const before = /^\s*(?:[&!]\S*\s+)*/.exec(text)?.[0].length ?? 0;
  if (text[before] === '{' || text[before] === '[') {
    const flow = readFlow(enterFlow(), `${' '.repeat(at + before)}${text.slice(before)}`, at + before);
    state.flow = flow.open.length === 0 ? null : flow;
  }
}

/** The last word of a value in block style; null behind a finished one and in a comment. */
function wordIn(rest: string): { at: number; quote: '"' | "'" | null } | null {
  const at = /^\s*(?:[&!]\S*\s+)*/.exec(rest)?.[0].length ?? 0;
  const word = rest.slice(at);
  const quote = word.startsWith('"') ? '"' : word.startsWith("'") ? "'" : null;
  const isOver = quote === null ? /\s#|^[#{[]/.test(word) : word.slice(1).includes(quote);
  return isOver ? null : { at, quote };
}

/** Takes levels off the end while they match; gives the last one taken. */
function popTo(levels: Level[], matches: (level: Level) => boolean): Level | undefined {
  let taken: Level | undefined;
  for (let last = levels.at(-1); last !== undefined && matches(last); last = levels.at(-1)) {
    taken = levels.pop();
  }
  return taken;
}

/** Keys in block style that follow at the same column, up to the end of their group. */
function takenBelow({ text, offset }: Cursor, column: number): string[] {
  const keys: string[] = [];
  for (const line of text.slice(offset).split('\n').slice(1)) {
    const indent = line.length - line.trimStart().length;
    if (line.trim() === '' || line.trimStart().startsWith('#') || indent > column) {
      continue;
    }
    const key = KEY.exec(line.slice(indent))?.[1];
    if (indent < column || key === undefined) {
      break;
    }
    keys.push(key.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return keys;
}
