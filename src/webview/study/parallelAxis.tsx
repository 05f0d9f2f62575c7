/** One axis of the parallel coordinates: name, numbers, and ranges that are brushed by pointer or by keys. */
import { useRef } from 'preact/hooks';
import { type Axis, shorten } from './axes.ts';
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

export function ParallelAxis(props: ParallelAxisProps) {
  const { axis, index, frame, ranges } = props;
  const length = lengthOf(frame);
  return (
    <g
      class={axis.isObjective ? 'axis objective' : 'axis'}
      transform={`translate(${axisX(index, frame).toFixed(1)} 0)`}
    >
      <AxisName axis={axis} frame={frame} index={index} />
      <line y1={frame.top} y2={frame.height - frame.bottom} />
      {axis.ticks.map(({ position, text }) => (
        <g key={position} class="tick" transform={`translate(0 ${placeY(position, frame).toFixed(1)})`}>
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
      <Hold {...props} />
    </g>
  );
}

const lengthOf = ({ height, top, bottom }: Frame) => height - top - bottom;

/** What takes the pointer and the keys. */
function Hold(props: ParallelAxisProps) {
  const { axis, frame, ranges, onBrush } = props;
  const key = (event: KeyboardEvent) => {
    const next = press(ranges, { name: event.key, isShifted: event.shiftKey }, axis.step);
    if (next !== null) {
      event.preventDefault();
      onBrush(next);
    }
  };
  const scale = axis.scaleWord === '' ? '' : `, ${axis.scaleWord} scale`;
  return (
    <rect
      class="hold"
      x={-REACH.side}
      width={2 * REACH.side}
      y={frame.top - REACH.end}
      height={lengthOf(frame) + 2 * REACH.end}
      role="slider"
      tabindex={0}
      aria-orientation="vertical"
      aria-label={`${axis.name}${scale}, from ${axis.textAt(0)} to ${axis.textAt(1)}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * (ranges.at(-1)?.[1] ?? 1))}
      aria-valuetext={describeRanges(axis, ranges)}
      onKeyDown={key}
      {...useDrag(props)}
    >
      <title>{`${axis.name}: ${describeRanges(axis, ranges)}`}</title>
    </rect>
  );
}

function useDrag({ frame, ranges, onBrush, onGrip }: ParallelAxisProps) {
  const held = useRef<{ readonly grip: Grip; readonly y: number; isMoved: boolean } | null>(null);
  const length = lengthOf(frame);
  const placeAt = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - box.top - REACH.end) / length));
  };
  const onPointerUp = (event: PointerEvent) => {
    event.stopPropagation();
    const now = held.current;
    held.current = null;
    // A click takes away the range that it meets.
    if (now !== null && !now.isMoved && now.grip.held !== null) {
      onBrush(now.grip.others);
    }
  };
  return {
    onPointerDown(event: PointerEvent) {
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      held.current = { grip: grip(ranges, placeAt(event), REACH.end / length), y: event.clientY, isMoved: false };
      onGrip();
    },
    onPointerMove(event: PointerEvent) {
      event.stopPropagation();
      const now = held.current;
      if (now !== null && (now.isMoved || Math.abs(event.clientY - now.y) >= CLICK)) {
        now.isMoved = true;
        onBrush(drag(now.grip, placeAt(event)));
      }
    },
    onPointerUp,
    onPointerCancel: onPointerUp,
  };
}

/** Room that a letter of a name takes, in pixels. */
const LETTER = 7.4;

/** Over its axis, but no further out than the picture goes. */
function AxisName({ axis, frame, index }: { axis: Axis; frame: Frame; index: number }) {
  const gap = frame.axes < 2 ? frame.width : (frame.width - frame.left - frame.right) / (frame.axes - 1);
  const name = shorten(axis.name, Math.max(8, Math.floor(gap / LETTER)));
  const half = (name.length * LETTER) / 2;
  const [left, right] = [axisX(index, frame), frame.width - axisX(index, frame)];
  const [x, anchor] =
    half > left ? [2 - left, 'start' as const] : half > right ? [right - 2, 'end' as const] : [0, 'middle' as const];
  return (
    <>
      <text class="axis-name" y={16} x={x} text-anchor={anchor}>
        {name}
        <title>{axis.name}</title>
      </text>
      <text class="axis-scale" y={31} x={x} text-anchor={anchor}>
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
