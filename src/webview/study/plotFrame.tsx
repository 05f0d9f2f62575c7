/** The frame of a small chart: a title, both axes with their numbers, and room for what is drawn between them. */
import type { ComponentChildren } from 'preact';
import { useWidth } from '../useWidth.ts';
import { shorten, type Tick } from './axes.ts';

/** From places (0 to 1) to pixels. */
export interface PlotScale {
  x(place: number): number;
  y(place: number): number;
}

export interface PlotFrameProps {
  readonly title: string;
  readonly note: string;
  /** What the chart says, for those who do not see it. */
  readonly label: string;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  children(scale: PlotScale): ComponentChildren;
}

const MARGIN = { left: 52, right: 6, top: 4, bottom: 22 };
/** Dots at the ends must not lie on the frame. */
const INSET = 8;
/** Room that a letter of a number takes, in pixels. */
const LETTER = 6.2;

export function PlotFrame({ title, note, label, xTicks, yTicks, children }: PlotFrameProps) {
  const [holder, width] = useWidth<HTMLDivElement>();
  const height = Math.round(Math.min(240, Math.max(150, width * 0.5)));
  const x = (place: number) => MARGIN.left + INSET + place * (width - MARGIN.left - MARGIN.right - 2 * INSET);
  const y = (place: number) =>
    height - MARGIN.bottom - INSET - place * (height - MARGIN.top - MARGIN.bottom - 2 * INSET);
  return (
    <section class="small-chart" aria-label={title}>
      <h2>
        {title} <span class="muted">{note}</span>
      </h2>
      <div class="small-room" ref={holder}>
        {width === 0 ? null : (
          <svg width={width} height={height} role="img" aria-label={label}>
            {yTicks.map(({ position, text }) => (
              <g key={position} class="tick">
                <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(position)} y2={y(position)} />
                <text x={MARGIN.left - 6} y={y(position)} dy="0.32em" text-anchor="end">
                  {text}
                </text>
              </g>
            ))}
            {fitting(
              xTicks.map((tick) => ({ ...tick, text: shorten(tick.text, 14) })),
              x,
              width,
            ).map(({ position, text }) => (
              <text key={position} class="tick-text" x={x(position)} y={height - 6} text-anchor={anchorOf(position)}>
                {text}
              </text>
            ))}
            <path class="frame" d={`M${MARGIN.left} ${MARGIN.top}V${height - MARGIN.bottom}H${width - MARGIN.right}`} />
            {children({ x, y })}
          </svg>
        )}
      </div>
    </section>
  );
}

function anchorOf(position: number): 'start' | 'middle' | 'end' {
  return position < 0.04 ? 'start' : position > 0.96 ? 'end' : 'middle';
}

/** Numbers that would run into one another are left out, but for the ends. */
function fitting(ticks: readonly Tick[], x: (place: number) => number, width: number): Tick[] {
  const span = ({ position, text }: Tick): [number, number] => {
    const size = text.length * LETTER;
    const at = x(position);
    const anchor = anchorOf(position);
    const from = anchor === 'start' ? at : anchor === 'end' ? at - size : at - size / 2;
    return [from, from + size];
  };
  const kept: Tick[] = [];
  const [first, ...rest] = ticks;
  for (const tick of [first, rest.pop(), ...rest]) {
    if (tick !== undefined) {
      const [from, to] = span(tick);
      const isFree = kept.every((other) => span(other)[1] + 8 < from || span(other)[0] - 8 > to);
      if (isFree && to <= width) {
        kept.push(tick);
      }
    }
  }
  return kept;
}
