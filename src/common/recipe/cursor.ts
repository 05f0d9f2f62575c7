/** Where in a recipe the cursor stands, told from text that may be unfinished and so is no valid YAML. */
import type { FieldKeys } from './fieldPath.ts';

export interface CursorPlace {
  /** Of the group whose key is being written, or of the field whose value is. */
  readonly keys: FieldKeys;
  readonly wants: 'key' | 'value';
}

interface Level {
  /** Column at which the key or the dash stands. */
  readonly column: number;
  readonly part: string | number;
}

/** @param before The recipe's text up to the cursor. */
export function cursorPlace(before: string): CursorPlace | null {
  const lines = before.split('\n');
  const current = lines.pop() ?? '';
  if (current.trimStart().startsWith('#')) {
    return null;
  }
  const levels: Level[] = [];
  for (const line of lines.filter((text) => text.trim() !== '' && !text.trimStart().startsWith('#'))) {
    readLine(line, levels);
  }
  const rest = readLine(current, levels);
  const keys = levels.map(({ part }) => part);
  if (rest === null) {
    return { keys, wants: 'key' };
  }
  return rest.includes('{') || rest.includes('[') ? flowPlace(keys, rest) : { keys, wants: 'value' };
}

const KEY = /^([A-Za-z_]\w*):(?:\s|$)/;

/** Takes a line's dashes and key into `levels`; gives what follows the key, or null where the line has none yet. */
function readLine(line: string, levels: Level[]): string | null {
  let column = line.length - line.trimStart().length;
  let text = line.slice(column);
  for (let dash = /^-\s+|^-$/.exec(text); dash !== null; dash = /^-\s+|^-$/.exec(text)) {
    const last = popTo(
      levels,
      (level) => level.column > column || (level.column === column && typeof level.part === 'number'),
    );
    levels.push({ column, part: last?.column === column && typeof last.part === 'number' ? last.part + 1 : 0 });
    column += dash[0].length;
    text = text.slice(dash[0].length);
  }
  popTo(levels, (level) => level.column >= column && typeof level.part === 'string');
  popTo(levels, (level) => level.column >= column);
  const key = KEY.exec(`${text}`)?.[1];
  if (key === undefined) {
    return null;
  }
  levels.push({ column, part: key });
  return text.slice(key.length + 1);
}

/** Takes levels off the end while they match; gives the last one taken. */
function popTo(levels: Level[], matches: (level: Level) => boolean): Level | undefined {
  let taken: Level | undefined;
  for (let last = levels.at(-1); last !== undefined && matches(last); last = levels.at(-1)) {
    taken = levels.pop();
  }
  return taken;
}

/** Inside `{ … }` and `[ … ]`: the brackets that are open at the cursor lead the way. */
function flowPlace(outer: FieldKeys, text: string): CursorPlace {
  const open: { kind: '{' | '['; part: string | number | null }[] = [];
  let word = '';
  for (const letter of text) {
    const inner = open.at(-1);
    if (letter === '{' || letter === '[') {
      open.push({ kind: letter, part: letter === '[' ? 0 : null });
    } else if (letter === '}' || letter === ']') {
      open.pop();
    } else if (letter === ',' && inner !== undefined) {
      inner.part = inner.kind === '[' ? Number(inner.part) + 1 : null;
    } else if (letter === ':' && inner?.kind === '{') {
      inner.part = word.trim();
    }
    word = /[\w$]/.test(letter) ? word + letter : letter === ' ' && word === '' ? '' : letter === ' ' ? word : '';
  }
  const keys = [...outer, ...open.flatMap(({ part }) => part ?? [])];
  const inner = open.at(-1);
  return { keys, wants: inner?.kind === '{' && inner.part === null ? 'key' : 'value' };
}
