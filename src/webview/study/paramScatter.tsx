/** The objective against one parameter, each trial a dot. */
import { useMemo } from 'preact/hooks';
import type { TrialState } from '../../common/study/reduceStudy.ts';
import { type Axis, objectiveAxis } from './axes.ts';
import { type CloudProps, HoverDot } from './bestChart.tsx';
import { PlotFrame, type PlotScale } from './plotFrame.tsx';
import { PointCloud } from './pointCloud.tsx';

export function ParamScatter({ axis, study, version, selected, good, hover }: CloudProps & { readonly axis: Axis }) {
  const metric = study.start?.objective.metric ?? '';
  const value = useMemo(() => objectiveAxis(metric, study.trials), [metric, version]);
  const chosen = useMemo(() => new Set(selected.map(({ number }) => number)), [selected]);
  const at = ({ x, y }: PlotScale, trial: TrialState): [number, number] | null => {
    const [across, up] = [axis.place(trial), value.place(trial)];
    return across === null || up === null ? null : [x(across), y(up)];
  };
  const hovered = study.trials.find(({ number }) => number === hover);
  return (
    <PlotFrame
      title={axis.name}
      note={[`${metric} by value`, axis.scaleWord].filter((word) => word !== '').join(' · ')}
      label={`${metric} of ${study.trials.length} trials by ${axis.name}; the table holds the same numbers`}
      xTicks={axis.ticks}
      yTicks={value.ticks}
    >
      {(scale) => (
        <>
          <PointCloud trials={study.trials} selected={chosen} good={good} at={(trial) => at(scale, trial)} />
          <HoverDot point={hovered === undefined ? null : at(scale, hovered)} />
        </>
      )}
    </PlotFrame>
  );
}
