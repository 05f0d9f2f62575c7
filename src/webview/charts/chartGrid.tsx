/** The charts of all metrics with their shared controls, or the table of the same numbers. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { MOST_PAST_RUNS, PAST_RUNS_SHOWN, type PastRun } from '../../common/panelMessages.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import { onThemeChange, readChartColors } from './chartColors.ts';
import type { ChartView } from './chartData.ts';
import { Choice, ResetZoom, SCALES, Smoothing, TableSwitch } from './controls.tsx';
import { createEpochCurves } from './epochCurves.ts';
import { EpochTable } from './epochTable.tsx';
import { MetricChart } from './metricChart.tsx';
import { createPastCurves } from './pastCurves.ts';

export interface ChartGridProps {
  /** Grows in place. */
  readonly run: RunState;
  readonly pastRuns: readonly PastRun[];
  /** How many earlier runs were asked for. */
  readonly pastCount: number;
  onPastCount(count: number): void;
}

export function ChartGrid({ run, pastRuns, pastCount, onPastCount }: ChartGridProps) {
  const [view, setView] = useState<ChartView>({ by: 'epoch', scale: 'linear', smoothing: 0 });
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const [colors, setColors] = useState(readChartColors);
  const [isTable, setIsTable] = useState(false);
  useEffect(() => onThemeChange(() => setColors(readChartColors())), []);
  // Another run has another length: what was zoomed into may lie beyond it.
  const shown = useRef(run);
  useEffect(() => {
    if (shown.current !== run) {
      shown.current = run;
      setZoom(null);
    }
  }, [run]);
  const [epochs] = useState(createEpochCurves);
  epochs.follow(run);
  const past = useMemo(() => createPastCurves(pastRuns), [pastRuns]);
  const onZoom = useCallback((range: readonly [number, number] | null) => setZoom(range), []);
  const change = (part: Partial<ChartView>) => {
    if (part.by !== undefined && part.by !== view.by) {
      setZoom(null);
    }
    setView({ ...view, ...part });
  };
  const metrics = run.start?.metrics ?? ['loss'];
  return (
    <div class="charts">
      <Controls
        view={view}
        isTable={isTable}
        isZoomed={zoom !== null}
        pastCount={pastCount}
        onPastCount={onPastCount}
        onChange={change}
        onTable={setIsTable}
        onReset={() => setZoom(null)}
      />
      {isTable ? (
        <EpochTable run={run} />
      ) : (
        <div class="chart-grid">
          {metrics.map((metric) => (
            <MetricChart key={metric} {...{ metric, run, epochs, past, view, colors, zoom, onZoom }} />
          ))}
        </div>
      )}
    </div>
  );
}

interface ControlsProps {
  readonly view: ChartView;
  readonly isTable: boolean;
  readonly isZoomed: boolean;
  readonly pastCount: number;
  onPastCount(count: number): void;
  onChange(part: Partial<ChartView>): void;
  onTable(isTable: boolean): void;
  onReset(): void;
}

function Controls(props: ControlsProps) {
  const { view, isTable, isZoomed, onChange, onTable, onReset } = props;
  return (
    <div class="controls" role="toolbar" aria-label="Charts">
      <Choice
        label="Horizontal axis"
        value={view.by}
        options={{ epoch: 'Epochs', step: 'Steps' }}
        onChoose={(by) => onChange({ by })}
      />
      <Choice label="Vertical axis" value={view.scale} options={SCALES} onChoose={(scale) => onChange({ scale })} />
      <Smoothing value={view.smoothing} onChange={(smoothing) => onChange({ smoothing })} />
      <PastCount count={props.pastCount} onCount={props.onPastCount} />
      <ResetZoom isZoomed={isZoomed} onReset={onReset} />
      <TableSwitch isTable={isTable} onChange={onTable} />
    </div>
  );
}

/** How many earlier runs stand in grey behind the curves. */
function PastCount({ count, onCount }: { count: number; onCount(count: number): void }) {
  return (
    <label class="past-count" title="Earlier runs of this recipe, in grey behind the curves by epoch">
      Earlier runs
      <select value={count} onChange={(event) => onCount(Number(event.currentTarget.value))}>
        {[0, 1, PAST_RUNS_SHOWN, 25, MOST_PAST_RUNS].map((choice) => (
          <option key={choice} value={choice}>
            {choice === 0 ? 'none' : choice}
          </option>
        ))}
      </select>
    </label>
  );
}
