/** The third line of a layer's box: its figure, a bar below, its line over the epochs beside. */
import { NODE } from './layout.ts';
import type { LayerMark } from './watch.ts';

const LEFT = 10;
const WIDTH = NODE.width - 2 * LEFT;
const BAR = { top: 55, height: 4 } as const;
const TREND = { left: 122, width: 64, top: 40, height: 11 } as const;

export function Mark({ mark }: { mark: LayerMark }) {
  const { text, bar, zero, trend } = mark;
  const points = trend.map(
    ({ x, y }) => `${(TREND.left + x * TREND.width).toFixed(1)},${(TREND.top + (1 - y) * TREND.height).toFixed(1)}`,
  );
  return (
    <g class="mark">
      <text class={bar === null ? 'layer-facts' : 'layer-figure'} x={LEFT} y="50">
        {text}
      </text>
      {points.length < 2 ? null : <polyline class="trend" points={points.join(' ')} />}
      {bar === null ? null : (
        <>
          <rect class="track" x={LEFT} y={BAR.top} width={WIDTH} height={BAR.height} />
          <rect
            class="bar"
            x={LEFT + bar.from * WIDTH}
            y={BAR.top}
            width={Math.max(1, (bar.to - bar.from) * WIDTH)}
            height={BAR.height}
          />
          {zero === null ? null : (
            <rect class="zero" x={LEFT + zero * WIDTH - 0.5} y={BAR.top - 2} width="1" height={BAR.height + 4} />
          )}
        </>
      )}
    </g>
  );
}
