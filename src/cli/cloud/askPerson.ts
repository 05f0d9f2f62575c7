/** Questions in a terminal: a word, or one that is not shown. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** @returns Null without a terminal, or where the person ends it. */
export async function askLine(question: string, signal: AbortSignal): Promise<string | null> {
  if (process.stdin.isTTY !== true) {
    return null;
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await asking.question(question, { signal });
  } catch {
    return null;
  } finally {
    asking.close();
  }
}

/** The answer is not shown. */
export async function askHidden(question: string, signal: AbortSignal): Promise<string | null> {
  if (process.stdin.isTTY !== true) {
    return null;
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question);
  try {
    return await asking.question('', { signal });
  } catch {
    return null;
  } finally {
    asking.close();
    process.stderr.write('\n');
  }
}

/** Yes alone is yes. */
export async function askYes(question: string, signal: AbortSignal): Promise<boolean> {
  const answer = await askLine(`${question} (yes/no) `, signal);
  return answer?.trim().toLowerCase() === 'yes';
}
