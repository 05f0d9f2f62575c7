/** Makes all changes that nothing else can be meant by, one round after another until nothing is left to make. */
import type { Fix } from '../../errors.ts';
import { parseRecipe } from '../parse.ts';
import { checkColumns } from './checkColumns.ts';
import { applyEdits, readRecipeText, type TextEdit } from './recipeText.ts';

const ROUNDS = 5;

/** The text with its sure mistakes mended; the same text where there are none. */
export function fixAll(text: string, columns: readonly string[] | null = null): string {
  let now = text;
  for (let round = 0; round < ROUNDS; round += 1) {
    const recipe = readRecipeText(now);
    const problems = [...parseRecipe(now).problems, ...(columns === null ? [] : checkColumns(recipe, columns))];
    const edits = apart(problems.flatMap(({ fix }) => (fix?.isSure === true ? [toEdits(now, fix)] : [])));
    if (edits.length === 0) {
      break;
    }
    now = applyEdits(now, edits);
  }
  return now;
}

/** Changes that do not touch each other; the rest waits for the next round. */
function apart(changes: readonly (readonly TextEdit[])[]): TextEdit[] {
  const taken: TextEdit[] = [];
  for (const change of changes) {
    const isFree = change.every((edit) => taken.every((other) => edit.end < other.start || edit.start > other.end));
    taken.push(...(isFree ? change : []));
  }
  return taken;
}

function toEdits(text: string, { edits }: Fix): TextEdit[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = (line: number, column: number) => (starts[line - 1] ?? text.length) + column - 1;
  return edits.map(({ range, text: piece }) => ({
    start: offset(range.line, range.column),
    end: offset(range.endLine, range.endColumn),
    text: piece,
  }));
}
