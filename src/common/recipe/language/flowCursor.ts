/** Reads `{ … }` and `[ … ]` letter by letter, closed or not, to tell what stands open at the cursor. */

export interface FlowGroup {
  readonly kind: '{' | '[';
  /** The key whose value is being read, or the number of the item; null before a key's colon. */
  readonly part: string | number | null;
  readonly taken: readonly string[];
}

export interface FlowState {
  readonly open: readonly FlowGroup[];
  /** The group that was closed last. */
  readonly closed: FlowGroup | null;
  /** The last word, without its quotes. */
  readonly word: string;
  /** Column of the word on the last line, its quote included. */
  readonly wordAt: number;
  readonly quote: '"' | "'" | null;
  /** Whether the word is over: behind a space, a closing quote or a bracket. */
  readonly isSettled: boolean;
  /** Whether the line ends in a comment. */
  readonly isComment: boolean;
}

export function enterFlow(): FlowState {
  return { open: [], closed: null, word: '', wordAt: 0, quote: null, isSettled: false, isComment: false };
}

/** Goes on from `state` over a line, from column `from` on; stops where the outermost bracket closes. */
export function readFlow(state: FlowState, line: string, from: number): FlowState {
  // A word that goes on over a line's end has its place on this line from here on.
  const wordAt = line.length - line.trimStart().length;
  let now: FlowState = { ...state, isComment: false, quote: null, isSettled: state.word !== '', wordAt };
  for (let at = from; at < line.length; at += 1) {
    const letter = line[at] as string;
    if (letter === '#' && (at === 0 || /\s/.test(line[at - 1] as string))) {
      return { ...now, isComment: true };
    }
    if ((letter === '"' || letter === "'") && (now.word === '' || now.isSettled)) {
      const end = closingQuote(line, at);
      if (end === null) {
        return { ...now, word: line.slice(at + 1), wordAt: at, quote: letter, isSettled: false };
      }
      now = { ...now, word: line.slice(at + 1, end) || letter, wordAt: at, quote: letter, isSettled: true };
      at = end;
      continue;
    }
    now = step(now, letter, { at, next: line[at + 1] });
    if (now.open.length === 0) {
      return now;
    }
  }
  return now;
}

function step(state: FlowState, letter: string, { at, next }: { at: number; next: string | undefined }): FlowState {
  const blank = { closed: state.closed, word: '', wordAt: at, quote: null, isSettled: false, isComment: false };
  const inner = state.open.at(-1);
  const outer = state.open.slice(0, -1);
  if (letter === '{' || letter === '[') {
    return { ...blank, open: [...state.open, { kind: letter, part: letter === '[' ? 0 : null, taken: [] }] };
  }
  if (letter === '}' || letter === ']') {
    return { ...blank, open: outer, closed: inner ?? null, word: letter, isSettled: true };
  }
  if (letter === ',' && inner !== undefined) {
    const part = inner.kind === '[' ? Number(inner.part) + 1 : null;
    return { ...blank, open: [...outer, { ...inner, part }] };
  }
  const isColon = letter === ':' && (state.quote !== null || next === undefined || /[\s,{}[\]]/.test(next));
  if (isColon && inner?.kind === '{' && inner.part === null) {
    return { ...blank, open: [...outer, { ...inner, part: state.word, taken: [...inner.taken, state.word] }] };
  }
  if (/\s/.test(letter)) {
    // Anchors and tags stand before a value and are none.
    const isValue = state.word !== '' && !/^[&!]/.test(state.word);
    return isValue ? { ...state, isSettled: true } : { ...state, ...blank };
  }
  return state.word === '' || (state.isSettled && /^[&!]/.test(state.word))
    ? { ...state, ...blank, word: letter }
    : { ...state, word: state.word + (state.isSettled ? ` ${letter}` : letter), isSettled: false };
}

function closingQuote(line: string, start: number): number | null {
  const quote = line[start];
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === '\\' && quote === '"') {
      at += 1;
    } else if (line[at] === quote) {
      return at;
    }
  }
  return null;
}

/**
 * Keys behind the cursor in the same braces.
 *
 * @param margin Column of the key that the braces belong to; a line that does not stand further in ends them.
 */
export function takenLater(text: string, offset: number, margin: number): readonly string[] {
  // The rest of the word under the cursor, its quote and its colon are not another key.
  const rest = text.slice(offset).replace(/^[\w$-]*["']?\s*:?/, (own) => (own.endsWith(':') ? '_:' : ' '));
  let state: FlowState = { ...enterFlow(), open: [{ kind: '{', part: null, taken: [] }] };
  for (const [index, line] of rest.split('\n').entries()) {
    const indent = line.length - line.trimStart().length;
    if (index > 0 && line.trim() !== '' && indent <= margin && !/^\s*[}\]]/.test(line)) {
      break;
    }
    state = readFlow(state, line, 0);
    if (state.open.length === 0) {
      break;
    }
  }
  return ((state.open[0] ?? state.closed)?.taken ?? []).filter((key) => key !== '_');
}
