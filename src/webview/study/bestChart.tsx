/** Every trial's value in the order of the trials, and the best one so far as a line. */
import { useMemo } from 'preact/hooks';
import { formatNumber } from '../../common/format.ts';
import { bestSoFar, type StudyState, type TrialState } from '../../common/study/reduceStudy.ts';
import { objectiveAxis, type Tick } from './axes.ts';
import { PlotFrame, type PlotScale } from './plotFrame.tsx';
import { PointCloud } from './pointCloud.tsx';

export interface CloudProps {
  readonly study: StudyState;
  readonly version: number;
  readonly selected: readonly TrialState[];
  readonly good: ReadonlyMap<number, number>;
  readonly hover: number | null;
}

export function BestChart({ study, version, selected, good, hover }: CloudProps) {
  const { start, trials } = study;
  const metric = start?.objective.metric ?? '';
  const wanted = Math.max(2, start?.trials ?? 2, trials.length);
  const axis = useMemo(() => objectiveAxis(metric, trials), [metric, version]);
  const steps = useMemo(() => bestSoFar(study), [study, version]);
  const chosen = useMemo(() => new Set(selected.map(({ number }) => number)), [selected]);
  const across = (trial: number) => (trial - 1) / (wanted - 1);
  const at = ({ x, y }: PlotScale, trial: TrialState): [number, number] | null => {
    const place = axis.place(trial);
    return place === null ? null : [x(across(trial.number)), y(place)];
  };
  const line = ({ x, y }: PlotScale) =>
    steps
      .flatMap(({ trial, best }) => {
        const place = best === null ? null : axis.place({ value: best } as TrialState);
        return place === null ? [] : [`${x(across(trial)).toFixed(1)} ${y(place).toFixed(1)}`];
      })
      .map((point, index) => (index === 0 ? `M${point}` : `H${point.split(' ')[0]}V${point.split(' ')[1]}`))
      .join('');
  const last = steps.at(-1)?.best ?? null;
  const hovered = trials.find(({ number }) => number === hover);
  return (
    <PlotFrame
      title="Best so far"
      note={`${metric} by trial`}
      label={`Best ${metric} so far: ${formatNumber(last)} after ${steps.length} trials`}
      xTicks={trialTicks(wanted)}
      yTicks={axis.ticks}
    >
      {(scale) => (
        <>
          <PointCloud trials={trials} selected={chosen} good={good} at={(trial) => at(scale, trial)} />
          <path class="best-steps" d={line(scale)} />
          <HoverDot point={hovered === undefined ? null : at(scale, hovered)} />
        </>
      )}
    </PlotFrame>
  );
}

export function HoverDot({ point }: { point: readonly [number, number] | null }) {
  return point === null ? null : <circle class="hover-dot" cx={point[0]} cy={point[1]} r={6} />;
}

function trialTicks(wanted: number): Tick[] {
  const numbers = [1, Math.round(wanted / 4), Math.round(wanted / 2), Math.round((3 * wanted) / 4), wanted];
  return [...new Set(numbers.filter((number) => number >= 1))].map((number) => ({
    position: (number - 1) / (wanted - 1),
    text: String(number),
  }));
}
