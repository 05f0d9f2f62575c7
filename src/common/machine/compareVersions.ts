/** Orders versions made of numbers and dots, such as `525.60.13`; a part that is absent counts as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0));
  const length = Math.max(left?.length ?? 0, right?.length ?? 0);
  const differences = Array.from({ length }, (_, i) => (left?.[i] ?? 0) - (right?.[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
