/** Which of a run's earlier checkpoints stay, so that every epoch has one not far before it. */

interface Kept {
  readonly step: number;
  readonly bytes: number;
}

export interface ThinOptions {
  readonly most: number;
  readonly mostBytes: number;
  /** Step of the newest, which stays anyhow and is not among them. */
  readonly latest: number;
  /** Step of one that must stay, besides `most`. */
  readonly base?: number | undefined;
}

/**
 * Takes out, one by one, the checkpoint whose neighbours stand closest together. Done at every save, that keeps them about
 * evenly spread, however long the run becomes.
 *
 * @param checkpoints The earliest first.
 */
export function thinOut<C extends Kept>(checkpoints: readonly C[], options: ThinOptions): C[] {
  const { most, mostBytes, latest, base } = options;
  const kept = [...checkpoints];
  const others = () => kept.filter(({ step }) => step !== base);
  const isTooMuch = () => others().length > most || others().reduce((sum, { bytes }) => sum + bytes, 0) > mostBytes;
  while (others().length > 0 && isTooMuch()) {
    const gap = (index: number) => (kept[index + 1]?.step ?? latest) - (kept[index - 1]?.step ?? 0);
    const free = kept.map((_, index) => index).filter((index) => kept[index]?.step !== base);
    kept.splice(
      free.reduce((best, index) => (gap(index) < gap(best) ? index : best)),
      1,
    );
  }
  return kept;
}
