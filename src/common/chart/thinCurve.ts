/** Takes from a long curve what its picture can show: the least and the greatest of each piece. */

export interface CurvePoint {
  /** Place in the values. */
  readonly at: number;
  readonly value: number | null;
}

/**
 * All points of a short curve. Of a long one about `most`: of each of equal pieces the least and the greatest, in
 * their order, so that spikes stay; a piece with a gap keeps it; the first and the last point are always there.
 */
export function thinCurve(values: readonly (number | null)[], most: number): CurvePoint[] {
  if (values.length <= most) {
    return values.map((value, at) => ({ at, value }));
  }
  const pieces = Math.max(1, Math.floor(most / 2));
  const kept = new Set([0, values.length - 1]);
  for (let piece = 0; piece < pieces; piece += 1) {
    const from = Math.floor((piece * values.length) / pieces);
    const to = Math.floor(((piece + 1) * values.length) / pieces);
    for (const at of extremes(values, from, to)) {
      kept.add(at);
    }
  }
  return [...kept].sort((a, b) => a - b).map((at) => ({ at, value: values[at] ?? null }));
}

/** Places of the least, the greatest and a gap within a piece, as far as there are such. */
function extremes(values: readonly (number | null)[], from: number, to: number): number[] {
  let least = -1;
  let greatest = -1;
  let gap = -1;
  for (let at = from; at < to; at += 1) {
    const value = values[at] ?? null;
    if (value === null) {
      gap = at;
      continue;
    }
    least = least < 0 || value < (values[least] ?? 0) ? at : least;
    greatest = greatest < 0 || value > (values[greatest] ?? 0) ? at : greatest;
  }
  return [least, greatest, gap].filter((at) => at >= 0);
}
