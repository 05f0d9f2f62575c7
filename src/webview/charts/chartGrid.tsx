/** The charts of all metrics with their shared controls, or the table of the same numbers. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { PastRun } from '../../common/panelMessages.ts';
import type { RunState } from '../../common/run/reduceRun.ts';
import { onThemeChange, readChartColors } from './chartColors.ts';
import { EpochTable } from './epochTable.tsx';
import { MetricChart } from './metricChart.tsx';
import type { ChartView } from './series.ts';

export function ChartGrid({
  run,
  pastRuns,
  version,
}: {
  run: RunState;
  pastRuns: readonly PastRun[];
  version: number;
}) {
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
        onChange={change}
        onTable={setIsTable}
        onReset={() => setZoom(null)}
      />
      {isTable ? (
        <EpochTable run={run} />
      ) : (
        <div class="chart-grid">
          {metrics.map((metric) => (
            <MetricChart key={metric} {...{ metric, run, pastRuns, view, colors, zoom, version, onZoom }} />
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
  onChange(part: Partial<ChartView>): void;
  onTable(isTable: boolean): void;
  onReset(): void;
}

function Controls({ view, isTable, isZoomed, onChange, onTable, onReset }: ControlsProps) {
  return (
    <div class="controls" role="toolbar" aria-label="Charts">
      <Choice
        label="Horizontal axis"
        value={view.by}
        options={{ epoch: 'Epochs', step: 'Steps' }}
        onChoose={(by) => onChange({ by })}
      />
      <Choice
        label="Vertical axis"
        value={view.scale}
        options={{ linear: 'Linear', log: 'Log' }}
        onChoose={(scale) => onChange({ scale })}
      />
      <label class="smoothing">
        Smoothing
        <input
          type="range"
          min="0"
          max="0.98"
          step="0.02"
          value={view.smoothing}
          onInput={(event) => onChange({ smoothing: Number(event.currentTarget.value) })}
        />
        <output>{view.smoothing.toFixed(2)}</output>
      </label>
      <button
        type="button"
        class="plain"
        disabled={!isZoomed}
        onClick={onReset}
        title="Drag over a chart to zoom, double-click to reset"
      >
        <span class="codicon codicon-zoom-out" aria-hidden="true" /> Reset Zoom
      </button>
      <button type="button" class="plain" aria-pressed={isTable} onClick={() => onTable(!isTable)}>
        <span class={`codicon codicon-${isTable ? 'graph-line' : 'table'}`} aria-hidden="true" />{' '}
        {isTable ? 'Charts' : 'Table'}
      </button>
    </div>
  );
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: Record<T, string>;
  onChoose(value: T): void;
}) {
  return (
    <fieldset class="choice">
      <legend class="hidden">{props.label}</legend>
      {(Object.keys(props.options) as T[]).map((value) => (
        <button key={value} type="button" aria-pressed={props.value === value} onClick={() => props.onChoose(value)}>
          {props.options[value]}
        </button>
      ))}
    </fieldset>
  );
}
