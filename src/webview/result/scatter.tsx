/** Predicted against actual: a point on the line was predicted exactly. */
import { formatNumber } from '../../common/format.ts';
import type { Predictions } from '../../common/run/events.ts';

const SIZE = 220;
const PAD = { left: 40, bottom: 34, top: 8, right: 8 };

export function Scatter({
  predictions,
  unit,
}: {
  predictions: Extract<Predictions, { kind: 'values' }>;
  unit: string;
}) {
  const target = predictions.targets[0];
  const pairs = (target?.actual ?? []).flatMap((actual, index) => {
    const predicted = target?.predicted[index] ?? null;
    return actual === null || predicted === null
      ? []
      : [{ actual, predicted, row: predictions.row[index] ?? index + 1 }];
  });
  if (pairs.length === 0) {
    return null;
  }
  const values = pairs.flatMap(({ actual, predicted }) => [actual, predicted]);
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const span = high - low || 1;
  const x = (value: number) => PAD.left + ((value - low) / span) * (SIZE - PAD.left - PAD.right);
  const y = (value: number) => SIZE - PAD.bottom - ((value - low) / span) * (SIZE - PAD.top - PAD.bottom);
  const ticks = [low, (low + high) / 2, high];
  return (
    <figure class="scatter">
      <svg
        viewBox={`0 0 ${SIZE} ${SIZE}`}
        role="img"
        aria-label={`${pairs.length} test rows, predicted against actual ${target?.name ?? ''}; the worst are in the table`}
      >
        <path class="axis" d={`M${PAD.left} ${PAD.top}V${SIZE - PAD.bottom}H${SIZE - PAD.right}`} />
        <line class="identity" x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} />
        {ticks.map((tick, index) => (
          <g key={tick} class="tick">
            <text
              x={x(tick)}
              y={SIZE - PAD.bottom + 13}
              text-anchor={index === 0 ? 'start' : index === 1 ? 'middle' : 'end'}
            >
              {tickText(tick)}
            </text>
            <text x={PAD.left - 5} y={y(tick) + (index === 0 ? 0 : index === 1 ? 4 : 8)} text-anchor="end">
              {tickText(tick)}
            </text>
          </g>
        ))}
        <text class="axis-title" x={(PAD.left + SIZE) / 2} y={SIZE - 4} text-anchor="middle">
          actual {target?.name ?? ''}
        </text>
        {pairs.map(({ actual, predicted, row }) => (
          <circle key={row} cx={x(actual)} cy={y(predicted)} r="2.5">
            <title>{`row ${row}: actual ${formatNumber(actual)}, predicted ${formatNumber(predicted)} ${unit}`}</title>
          </circle>
        ))}
      </svg>
      <figcaption class="muted">predicted (up) against actual (right); on the line = exact</figcaption>
    </figure>
  );
}

function tickText(value: number): string {
  return String(Number(value.toPrecision(3)));
}
