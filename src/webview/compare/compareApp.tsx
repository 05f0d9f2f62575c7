/** The whole page of a comparison: charts beside the legend, results, parameters, recipes. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ComparedRun } from '../../common/compare/comparedRun.ts';
import { runLabels } from '../../common/compare/compareText.ts';
import { hasValidation, metricsOf } from '../../common/compare/runCurve.ts';
import type { FromComparePage } from '../../common/compareMessages.ts';
import { onThemeChange } from '../charts/chartColors.ts';
import { type CompareModel, readRuns } from './compareModel.ts';
import { type CompareView, rowsOf } from './compareView.ts';
import { Controls } from './controls.tsx';
import { Legend } from './legend.tsx';
import { readPageColors } from './looks.ts';
import { ParamTable } from './paramTable.tsx';
import { RecipeDiff } from './recipeDiff.tsx';
import { ResultTable } from './resultTable.tsx';
import { RunChart, type RunChartProps } from './runChart.tsx';
import { ValueTable } from './valueTable.tsx';

export interface CompareAppProps {
  readonly model: CompareModel;
  /** Changes with every message: the model grows in place. */
  readonly version: number;
  readonly view: CompareView;
  look(view: CompareView): void;
  send(message: FromComparePage): void;
}

export function CompareApp({ model, version, view, look, send }: CompareAppProps) {
  const [colors, setColors] = useState(readPageColors);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  useEffect(() => onThemeChange(() => setColors(readPageColors())), []);
  const runs = useMemo(() => readRuns(model), [model, version]);
  const labels = useMemo(() => toLabels(runs), [runs]);
  if (model.runFolders === null) {
    return <p class="muted loading">Reading the runs…</p>;
  }
  const shared = { runs, labels, view, colors, highlighted, look, onHighlight: setHighlighted };
  return (
    <main class="compare">
      <Head model={model} runs={runs} view={view} send={send} />
      {model.refused.map(({ path, message, remedy }) => (
        <p key={path} class="problems" role="alert">
          <span class="codicon codicon-error" aria-hidden="true" /> {path}: {message} {remedy}
        </p>
      ))}
      {model.runFolders.length === 0 ? (
        <Nothing send={send} />
      ) : (
        <>
          <div class="compare-body">
            <Charts {...{ runs, labels, view, colors, highlighted, look, send, onHighlight: setHighlighted }} />
            <Legend {...shared} model={model} send={send} />
          </div>
          {runs.length === 0 ? null : <ResultTable {...shared} />}
          {runs.length < 2 ? null : <ParamTable runs={runs} labels={labels} />}
          {runs.length < 2 ? null : <RecipeDiff {...{ runs, labels, view, look, send }} />}
        </>
      )}
    </main>
  );
}

function toLabels(runs: readonly ComparedRun[]): ReadonlyMap<string, string> {
  const labels = runLabels(runs);
  return new Map(runs.map(({ runFolder }, index) => [runFolder, labels[index] ?? '']));
}

interface HeadProps extends Pick<CompareAppProps, 'model' | 'view' | 'send'> {
  readonly runs: readonly ComparedRun[];
}

function Head({ model, runs, view, send }: HeadProps) {
  const count = model.runFolders?.length ?? 0;
  const shown = runs.filter(({ runFolder }) => !view.hidden.includes(runFolder)).map(({ runFolder }) => runFolder);
  const names = [...new Set(runs.map(({ name }) => name))];
  return (
    <header class="head">
      <div class="head-line">
        <h1>{names.length === 0 ? 'Compare runs' : names.join(', ')}</h1>
        <span class="muted number">{count === 1 ? '1 run' : `${count} runs`}</span>
        <span class="spring" />
        <button
          type="button"
          class="secondary"
          disabled={shown.length === 0}
          title="Writes the shown runs as CSV, JSON, SVG or a report in HTML"
          onClick={() => send({ type: 'export', runFolders: shown })}
        >
          <span class="codicon codicon-export" aria-hidden="true" /> Export…
        </button>
      </div>
      {count === 1 ? (
        <p class="muted">
          One run alone has nothing beside it.{' '}
          <button type="button" class="link" onClick={() => send({ type: 'addRuns' })}>
            Add runs to compare it with
          </button>
        </p>
      ) : null}
    </header>
  );
}

function Nothing({ send }: Pick<CompareAppProps, 'send'>) {
  return (
    <section class="empty">
      <p>No run is compared.</p>
      <p>
        <button type="button" class="primary" onClick={() => send({ type: 'addRuns' })}>
          Add Runs…
        </button>
      </p>
    </section>
  );
}

interface ChartsProps
  extends Pick<RunChartProps, 'runs' | 'labels' | 'view' | 'colors' | 'highlighted' | 'onHighlight'> {
  look(view: CompareView): void;
  send(message: FromComparePage): void;
}

function Charts({ runs, labels, view, colors, highlighted, onHighlight, look, send }: ChartsProps) {
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const shown = useMemo(() => runs.filter(({ runFolder }) => !view.hidden.includes(runFolder)), [runs, view.hidden]);
  const rows = rowsOf(view, shown.length);
  // Pointing at a hidden run must not make the others fade.
  const inFront = shown.some(({ runFolder }) => runFolder === highlighted) ? highlighted : null;
  const metrics = metricsOf(runs);
  const names = metrics.flatMap((metric) => (hasValidation(runs, metric) ? [metric, `val_${metric}`] : [metric]));
  return (
    <div class="charts">
      <Controls
        view={view}
        rows={rows}
        hasValidation={names.length > metrics.length}
        isZoomed={zoom !== null}
        look={look}
        onReset={() => setZoom(null)}
      />
      {view.isTable ? (
        <ValueTable runs={shown} labels={labels} names={names} />
      ) : (
        <div class="chart-grid">
          {metrics.map((metric) => (
            <RunChart
              key={metric}
              {...{ metric, runs: shown, labels, view, rows, colors, zoom, highlighted: inFront, onHighlight }}
              onZoom={setZoom}
              onSave={(picture) => send({ type: 'save', ...picture })}
            />
          ))}
        </div>
      )}
      {shown.length === 0 && runs.length > 0 ? <p class="muted">All runs are hidden: tick one to see it.</p> : null}
    </div>
  );
}
