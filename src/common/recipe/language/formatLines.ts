/** Collects the lines of formatted text: words with one space between, comments, at most one blank line in a row. */
import type { CST } from 'yaml';

export interface Lines {
  /** A word on the line, behind a space; further lines of it stand at `indent`. */
  word(source: string, indent: number): void;
  /** Text of several lines that are formatted already, the first one behind a space. */
  words(rows: readonly string[]): void;
  /** Text without a space before. */
  glue(source: string): void;
  /** Goes to a new line unless the line is empty. */
  begin(indent: number): void;
  /** A whole line as it is. */
  raw(row: string): void;
  /** Comments, blank lines, anchors and tags; a comment on a line of its own stands at `indent`. */
  trivia(tokens: readonly CST.SourceToken[], indent: number): void;
  /** Column at which the next word would begin. */
  column(): number;
  text(): string;
}

export function createLines(): Lines {
  const rows: string[] = [];
  let line = '';
  let lead = 0;
  let breaks = 0;
  const flush = () => {
    if (line !== '') {
      rows.push(' '.repeat(Math.max(0, lead)) + line);
    }
    line = '';
  };
  const startLine = (indent: number) => {
    flush();
    if (breaks > 1 && rows.length > 0 && rows.at(-1) !== '') {
      rows.push('');
    }
    breaks = 0;
    lead = indent;
  };
  const add = (source: string) => {
    line = line === '' ? source : `${line} ${source}`;
  };
  const lines: Lines = {
    word(source, indent) {
      const [first = '', ...others] = source.split('\n');
      add(first.trimEnd());
      breaks = 0;
      for (const row of others) {
        flush();
        lead = indent;
        if (row.trim() === '') {
          rows.push('');
        } else {
          line = row.trim();
        }
      }
    },
    words([first = '', ...others]) {
      add(first);
      breaks = 0;
      for (const row of others) {
        flush();
        lead = 0;
        line = row;
      }
    },
    glue(source) {
      line += source;
    },
    begin: startLine,
    raw(row) {
      flush();
      rows.push(row);
    },
    trivia(tokens, indent) {
      for (const { type, source } of tokens) {
        if (type === 'newline') {
          breaks += source.split('\n').length - 1;
        } else if (type === 'comment') {
          if (breaks > 0) {
            startLine(indent);
          }
          add(source.trimEnd());
        } else if (type !== 'space') {
          add(source);
        }
      }
    },
    column: () => (line === '' ? lead : lead + line.length + 1),
    text() {
      flush();
      return `${rows.join('\n').replace(/^\n+|\n+$/g, '')}\n`;
    },
  };
  return lines;
}
