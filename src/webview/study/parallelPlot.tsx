/** Parallel coordinates: a line for each trial across an axis for each parameter, with ranges to brush. */
import { useMemo } from 'preact/hooks';
import { formatNumber } from '../../common/format.ts';
import type { StudyState, TrialState } from '../../common/study/reduceStudy.ts';
import { useWidth } from '../useWidth.ts';
import { type Axis, paramText } from './axes.ts';
import { type Brushes, isBrushed, type Range } from './brushes.ts';
import { type Frame, linePath, nearestTrial, placesOf } from './lines.ts';
import { ParallelAxis } from './parallelAxis.tsx';
import { toneNames, toneOf } from './tones.ts';

export interface ParallelPlotProps {
  readonly axes: readonly Axis[];
  readonly study: StudyState;
  /** Trials that the brushes leave. */
  readonly selected: readonly TrialState[];
  /** 0 the best to 1 the worst. */
  readonly good: ReadonlyMap<number, number>;
  readonly brushes: Brushes;
  readonly hover: number | null;
  onBrush(name: string, ranges: readonly Range[]): void;
  onHover(trial: number | null): void;
  onOpen(trial: number): void;
}

const HEIGHT = 300;
/** Narrower than that, names and numbers of neighbours would run into each other: the picture scrolls instead. */
const LEAST_GAP = 104;
/** More lines than that are drawn thinner, or they are one blot. */
const MANY = 100;
const MARGIN = { left: 62, right: 30, top: 44, bottom: 14 };

export function ParallelPlot(props: ParallelPlotProps) {
  const { axes, study, selected, good, brushes, hover, onHover, onOpen } = props;
  const [holder, room] = useWidth<HTMLDivElement>();
  const width = Math.max(room, MARGIN.left + MARGIN.right + LEAST_GAP * Math.max(1, axes.length - 1));
  const frame = useMemo((): Frame => ({ ...MARGIN, width, height: HEIGHT, axes: axes.length }), [width, axes.length]);
  const lines = useMemo(
    () => new Map(study.trials.map((trial) => [trial.number, linePath(placesOf(trial, axes), frame)])),
    [axes, frame],
  );
  const behind = useMemo(() => [...lines.values()].join(''), [lines]);
  const before = useMemo(() => bundle(selected, good, lines), [selected, good, lines]);
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    onHover(nearestTrial(selected, axes, frame, { x: event.clientX - box.left, y: event.clientY - box.top }));
  };
  const names = axes.map(({ name }) => name).join(', ');
  return (
    <figure class="parallel">
      <div class="parallel-scroll" ref={holder}>
        {room === 0 ? (
          <div class="parallel-room" />
        ) : (
          <svg
            width={width}
            height={HEIGHT}
            class={`${hover === null ? '' : 'over-line'} ${selected.length > MANY ? 'many' : ''}`}
            onPointerMove={point}
            onPointerLeave={() => onHover(null)}
            onPointerUp={({ button }) => button === 0 && hover !== null && onOpen(hover)}
          >
            <title>{`${study.trials.length} trials across the axes ${names}; the table below holds the same numbers`}</title>
            {isBrushed(brushes) ? <path class="behind" d={behind} /> : null}
            {before.map(([tone, path]) => (
              <path key={tone} class={`line ${tone}`} d={path} />
            ))}
            {study.best === null || !selected.some(({ number }) => number === study.best) ? null : (
              <path class="line best" d={lines.get(study.best)} />
            )}
            {hover === null ? null : <path class="line hovered" d={lines.get(hover)} />}
            {axes.map((axis, index) => (
              <ParallelAxis
                key={axis.name}
                axis={axis}
                index={index}
                frame={frame}
                ranges={brushes[axis.name] ?? []}
                onBrush={(ranges) => props.onBrush(axis.name, ranges)}
                onGrip={() => onHover(null)}
              />
            ))}
          </svg>
        )}
      </div>
      <Caption study={study} hover={hover} />
    </figure>
  );
}

/**
 * One path for each colour, the best last, so that nothing lies over them: painting a thousand elements anew with each
 * move of a brush takes a second where no graphics card helps.
 */
function bundle(
  trials: readonly TrialState[],
  good: ReadonlyMap<number, number>,
  lines: ReadonlyMap<number, string>,
): [string, string][] {
  const paths = new Map<string, string>(['failed', 'untold', ...[...toneNames].reverse()].map((tone) => [tone, '']));
  for (const { number, status } of trials) {
    const tone = status === 'failed' ? 'failed' : toneOf(good.get(number));
    paths.set(tone, `${paths.get(tone) ?? ''}${lines.get(number) ?? ''}`);
  }
  return [...paths].filter(([, path]) => path !== '');
}

/** Hint and trial lie in one place, as high as the higher of them, so that nothing below moves. */
function Caption({ study, hover }: { study: StudyState; hover: number | null }) {
  const trial = study.trials.find(({ number }) => number === hover);
  const params = Object.entries(trial?.params ?? {}).map(([name, value]) => `${name} ${paramText(value)}`);
  return (
    <figcaption>
      <p class={trial === undefined ? 'muted' : 'muted away'}>
        Drag along an axis to brush a range; drag it on, or click it away. With keys: Tab to an axis, ↑ ↓ set and move a
        range, Shift with them widens or narrows it, Enter adds one, Delete removes it. <Legend />
      </p>
      {trial === undefined ? null : (
        <p>
          <b>Trial {trial.number}</b> {study.start?.objective.metric} {formatNumber(trial.value)}{' '}
          <span class="muted">{params.join(' · ')} · click to open its run</span>
        </p>
      )}
    </figcaption>
  );
}

function Legend() {
  return (
    <span class="legend">
      <span class="nowrap">
        <i class="best" aria-hidden="true" /> best trial
      </span>{' '}
      <span class="nowrap">
        <i class="ramp" aria-hidden="true" /> best to worst
      </span>
    </span>
  );
}
