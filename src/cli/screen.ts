/** The terminal itself, or a pipe. */
import type { Screen } from './progress.ts';

const CLEAR_LINE = '\r\u001b[2K';

export function createScreen(out: NodeJS.WriteStream): Screen {
  const isTerminal = out.isTTY === true && process.env.TERM !== 'dumb';
  let hasDraft = false;
  const clear = () => {
    if (hasDraft) {
      out.write(CLEAR_LINE);
      hasDraft = false;
    }
  };
  return {
    isTerminal,
    get columns() {
      return out.columns ?? 80;
    },
    line(text) {
      clear();
      out.write(`${text}\n`);
    },
    redraw(text) {
      if (!isTerminal) {
        return;
      }
      if (text === '') {
        clear();
      } else {
        out.write(`${CLEAR_LINE}${text}`);
        hasDraft = true;
      }
    },
  };
}
