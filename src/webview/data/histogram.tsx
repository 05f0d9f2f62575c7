/** A column's distribution in a few bars. */
import type { Bar, ColumnProfile } from '../../common/data/profile.ts';
import { formatCount } from '../../common/format.ts';

const WIDTH = 120;
const HEIGHT = 24;
const GAP = 1;

export function Histogram({ column: { name, bars } }: { column: ColumnProfile }) {
  const highest = Math.max(...bars.map(({ count }) => count));
  const step = Math.min(24, WIDTH / bars.length);
  return bars.length === 0 ? null : (
    <svg class="histogram" width={WIDTH} height={HEIGHT} role="img" aria-label={inWords(name, bars)}>
      {bars.map(({ label, count }, index) => {
        // A bar of few is still to be seen.
        const height = count === 0 ? 0 : Math.max(1, (count / highest) * HEIGHT);
        return (
          <g key={label}>
            <rect class="bar" x={index * step} y={HEIGHT - height} width={step - GAP} height={height} />
            <rect class="sense" x={index * step} y={0} width={step} height={HEIGHT}>
              <title>{`${label}: ${formatCount(count)}`}</title>
            </rect>
          </g>
        );
      })}
    </svg>
  );
}

function inWords(name: string, bars: readonly Bar[]): string {
  const top = bars.reduce((best, bar) => (bar.count > best.count ? bar : best));
  return `Histogram of ${name}: ${bars.length} bars, from ${bars[0]?.label} on the left to ${bars.at(-1)?.label} on the right; the highest is ${top.label} with ${formatCount(top.count)}`;
}
