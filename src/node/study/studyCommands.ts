/** Reads the commands that others append to a study's `control.jsonl`. */
import { open, stat } from 'node:fs/promises';
import type { StudyCommand } from '../../common/study/studyFolder.ts';

export type StudyWord = StudyCommand['type'];

const WORDS: readonly string[] = ['stop', 'pause', 'resume'] satisfies StudyWord[];

/** @returns A function that gives the commands since the last call; lines from before `openCommands` do not count. */
export async function openCommands(file: string): Promise<() => Promise<StudyWord[]>> {
  let position = await sizeOf(file);
  let rest = '';
  return async () => {
    const size = await sizeOf(file);
    if (size <= position) {
      return [];
    }
    const lines = (rest + (await readRange(file, position, size))).split('\n');
    position = size;
    rest = lines.pop() ?? '';
    return lines.flatMap(toWord);
  };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}

async function readRange(file: string, from: number, to: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Anybody may write into the file: what is no command is passed over. */
function toWord(line: string): StudyWord[] {
  try {
    const { type } = JSON.parse(line) as { type?: unknown };
    return typeof type === 'string' && WORDS.includes(type) ? [type as StudyWord] : [];
  } catch {
    return [];
  }
}
