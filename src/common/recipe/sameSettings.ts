/** Whether two texts of a recipe say the same in some places, parameters filled in. */
import { toKeys, valueAt } from './fieldPath.ts';
import { fillParams } from './params.ts';
import { readSource } from './source.ts';

/** @param paths Fields; one that both lack is the same. A text that cannot be read says nothing the same. */
export function sameSettings(one: string, other: string, paths: readonly string[]): boolean {
  const [a, b] = [one, other].map((text) => fillParams(readSource(text).value).value);
  const isSame = (path: string) =>
    JSON.stringify(valueAt(a, toKeys(path))) === JSON.stringify(valueAt(b, toKeys(path)));
  return a !== null && b !== null && paths.every(isSame);
}
