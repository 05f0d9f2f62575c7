/** The doctor's lines in a terminal: the word, the title, what was found, and below it what to do. */
import type { Check, CheckGroup, CheckStatus, Remedy } from '../common/machine/check.ts';
import { printable } from './table.ts';

export interface Style {
  /** Of the terminal; null in a pipe, where lines are not broken. */
  readonly columns: number | null;
  readonly hasColor: boolean;
}

const COLORS: Readonly<Record<CheckStatus, number>> = { ok: 32, warn: 33, fail: 31, info: 36 };
const BOLD = 1;

const WORD_WIDTH = 4;
const TITLE_WIDTH = 18;
/** Under this, text is not broken but left to the terminal. */
const NARROW = 30;

/** With an empty line before all groups but the first. */
export function groupLine(group: CheckGroup, hasLinesBefore: boolean, style: Style): string[] {
  return [...(hasLinesBefore ? [''] : []), paint(group, BOLD, style)];
}

export function checkLines({ status, title, detail, remedy }: Check, style: Style): string[] {
  const head = `  ${paint(status.padEnd(WORD_WIDTH), COLORS[status], style)}  ${title.padEnd(TITLE_WIDTH)}  `;
  const indent = 2 + WORD_WIDTH + 2 + TITLE_WIDTH + 2;
  const found = detail.split('\n').flatMap((line) => wrap(printable(line), indent, style));
  const toDo = remedy === null ? [] : remedyLines(remedy).flatMap((line) => wrap(line, indent + 2, style, '  '));
  const [first = '', ...more] = found;
  return [
    `${head}${first}`.trimEnd(),
    ...more.map((line) => `${' '.repeat(indent)}${line}`),
    ...toDo.map((line, index) => `${' '.repeat(indent)}${index === 0 ? `→${line.slice(1)}` : line}`),
  ];
}

export function summaryLines(summary: string, style: Style): string[] {
  return ['', ...wrap(printable(summary), 0, style)];
}

function remedyLines({ text, command, link, action }: Remedy): string[] {
  const run = command ?? (action === 'setUp' ? 'skillet setup' : undefined);
  return [text, ...(run === undefined ? [] : [run]), ...(link === undefined ? [] : [link])].map(printable);
}

/** Breaks a line between words, so that each part fits behind the indent; a longer word stays whole. */
function wrap(text: string, indent: number, { columns }: Style, before = ''): string[] {
  const width = columns === null ? Number.POSITIVE_INFINITY : columns - indent;
  if (width < NARROW) {
    return [`${before}${text}`];
  }
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = `${last} ${word}`;
    }
  }
  return lines.map((line) => `${before}${line}`);
}

function paint(text: string, code: number, { hasColor }: Style): string {
  return hasColor ? `\u001b[${code}m${text}\u001b[0m` : text;
}
