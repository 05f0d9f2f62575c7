/** Thirty days of a spot price as a small curve. */
import type { SpotOffer } from '../../common/cloud/offer.ts';
import { SPARK_HEIGHT, SPARK_WIDTH, sparkPath, sparkText } from './sparkPath.ts';

export function Sparkline({ spot }: { readonly spot: SpotOffer }) {
  const { history } = spot;
  if (history.length < 2) {
    return <span class="spark" />;
  }
  return (
    <svg class="spark" width={SPARK_WIDTH} height={SPARK_HEIGHT} role="img" aria-label={sparkText(spot)}>
      <title>{sparkText(spot)}</title>
      <path d={sparkPath(history)} />
    </svg>
  );
}
