/** One axis of the parallel coordinates: name, numbers, and ranges that are brushed by pointer or by keys. */
import { useRef } from 'preact/hooks';
import type { Axis } from './axes.ts';
import { drag, type Grip, grip, press, type Range } from './brushes.ts';
import { axisX, type Frame, placeY } from './lines.ts';

export interface ParallelAxisProps {
  readonly axis: Axis;
  readonly index: number;
  readonly frame: Frame;
  readonly ranges: readonly Range[];
  onBrush(ranges: readonly Range[]): void;
  /** A pointer has taken hold of the axis. */
  onGrip(): void;
}

/** Where a pointer counts as on the axis, and how near to an end of a range as on that end, in pixels. */
const REACH = { side: 13, end: 6 };
/** A pointer that moved less was a click, in pixels. */
const CLICK = 3;
const BAR = 12;

export function ParallelAxis({ axis, index, frame, ranges, onBrush, onGrip }: ParallelAxisProps) {
  const held = useRef<{ readonly grip: Grip; readonly y: number; isMoved: boolean } | null>(null);
  const x = axisX(index, frame);
  const length = frame.height - frame.top - frame.bottom;
  const placeAt = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - box.top - REACH.end) / length));
  };
  const down = (event: PointerEvent) => {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    held.current = { grip: grip(ranges, placeAt(event), REACH.end / length), y: event.clientY, isMoved: false };
    onGrip();
  };
  const move = (event: PointerEvent) => {
    event.stopPropagation();
    const now = held.current;
    if (now !== null && (now.isMoved || Math.abs(event.clientY - now.y) >= CLICK)) {
      now.isMoved = true;
      onBrush(drag(now.grip, placeAt(event)));
    }
  };
  const up = (event: PointerEvent) => {
    event.stopPropagation();
    const now = held.current;
    held.current = null;
    // A click takes away the range that it meets.
    if (now !== null && !now.isMoved && now.grip.held !== null) {
      onBrush(now.grip.others);
    }
  };
  const key = (event: KeyboardEvent) => {
    const next = press(ranges, { name: event.key, isShifted: event.shiftKey }, axis.step);
    if (next !== null) {
      event.preventDefault();
      onBrush(next);
    }
  };
  return (
    <g class={axis.isObjective ? 'axis objective' : 'axis'} transform={`translate(${x.toFixed(1)} 0)`}>
      <AxisName axis={axis} frame={frame} index={index} />
      <line y1={frame.top} y2={frame.height - frame.bottom} />
      {axis.ticks.map(({ position, text }) => (
        <g key={text} class="tick" transform={`translate(0 ${placeY(position, frame).toFixed(1)})`}>
          <line x1={-4} x2={0} />
          <text x={-8} dy="0.32em" text-anchor="end">
            {shorten(text, 9)}
          </text>
        </g>
      ))}
      {ranges.map((range) => (
        <rect
          key={range.join()}
          class="range"
          x={-BAR / 2}
          width={BAR}
          y={placeY(range[1], frame)}
          height={Math.max(2, (range[1] - range[0]) * length)}
        />
      ))}
      <rect
        class="hold"
        x={-REACH.side}
        width={2 * REACH.side}
        y={frame.top - REACH.end}
        height={length + 2 * REACH.end}
        role="slider"
        tabindex={0}
        aria-orientation="vertical"
        aria-label={`${axis.name}${axis.scaleWord === '' ? '' : `, ${axis.scaleWord} scale`}, from ${axis.textAt(0)} to ${axis.textAt(1)}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * (ranges.at(-1)?.[1] ?? 1))}
        aria-valuetext={describeRanges(axis, ranges)}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onKeyDown={key}
      >
        <title>{`${axis.name}: ${describeRanges(axis, ranges)}`}</title>
      </rect>
    </g>
  );
}

function AxisName({ axis, frame, index }: { axis: Axis; frame: Frame; index: number }) {
  const isLast = index === frame.axes - 1 && index > 0;
  const gap = frame.axes < 2 ? frame.width : (frame.width - frame.left - frame.right) / (frame.axes - 1);
  return (
    <>
      <text class="axis-name" y={16} x={isLast ? frame.right - 4 : 0} text-anchor={isLast ? 'end' : 'middle'}>
        {shorten(axis.name, Math.max(8, Math.floor(gap / 7.4)))}
        <title>{axis.name}</title>
      </text>
      <text class="axis-scale" y={31} x={isLast ? frame.right - 4 : 0} text-anchor={isLast ? 'end' : 'middle'}>
        {axis.scaleWord}
      </text>
    </>
  );
}

function describeRanges(axis: Axis, ranges: readonly Range[]): string {
  if (ranges.length === 0) {
    return 'all values';
  }
  return ranges
    .map(([from, to]) => {
      const [low, high] = [axis.textAt(from + 1e-9), axis.textAt(to - 1e-9)];
      return low === high ? low : `${low} to ${high}`;
    })
    .join(', and ');
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
