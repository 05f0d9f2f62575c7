/** A study's whole page: head, parallel axes, charts, and the table of trials that follows the brush. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { FromStudyPage } from '../../common/studyMessages.ts';
import { Problems } from '../problems.tsx';
import { axesOf } from './axes.ts';
import { AxesMenu } from './axesMenu.tsx';
import { BestChart } from './bestChart.tsx';
import { isBrushed, selectTrials } from './brushes.ts';
import { ImportanceBars } from './importanceBars.tsx';
import { ParallelPlot } from './parallelPlot.tsx';
import { ParamScatter } from './paramScatter.tsx';
import { goodness, sortTrials } from './sortTrials.ts';
import { StudyHeader } from './studyHeader.tsx';
import { type StudyModel, statusOf } from './studyModel.ts';
import { orderAxes, type StudyView } from './studyView.ts';
import { TrialTable } from './trialTable.tsx';

export interface StudyAppProps {
  readonly model: StudyModel;
  /** Changes with every message: the model grows in place. */
  readonly version: number;
  readonly view: StudyView;
  look(view: StudyView): void;
  send(message: FromStudyPage): void;
}

export function StudyApp({ model, version, view, look, send }: StudyAppProps) {
  const { study } = model;
  const status = statusOf(model);
  const [hover, setHover] = useState<number | null>(null);
  const axes = useMemo(() => orderAxes(axesOf(study), view.order), [study, version, view.order]);
  const shown = useMemo(() => axes.filter(({ name }) => !view.hidden.includes(name)), [axes, view.hidden]);
  const selected = useMemo(() => selectTrials(study.trials, axes, view.brushes), [axes, view.brushes]);
  const sorted = useMemo(() => sortTrials(selected, view.sorting), [selected, view.sorting]);
  const good = useMemo(() => goodness(study), [study, version]);
  const open = useCallback((trial: number) => send({ type: 'openTrial', trial }), [send]);
  if (model.studyFolder === null) {
    return <p class="muted loading">Reading the study…</p>;
  }
  return (
    <main class="study">
      <StudyHeader model={model} status={status} send={send} />
      <Problems title="That could not be done" problems={model.refused} send={send} />
      {status === 'interrupted' ? (
        <p class="notices">
          <span class="codicon codicon-warning" aria-hidden="true" /> The study ended without finishing; every trial
          until then is here. Resume Study goes on with the rest.
        </p>
      ) : null}
      {study.start === null ? (
        <section class="empty" aria-live="polite">
          <p>{study.end === null ? 'Reading the recipe and choosing the first trials…' : study.end.message}</p>
        </section>
      ) : (
        <>
          <section aria-label="Parameters and objective">
            <div class="section-head">
              <h2>Parameters and {study.start.objective.metric}</h2>
              <span class="muted number" role="status">
                {isBrushed(view.brushes)
                  ? `${selected.length} of ${study.trials.length} trials brushed`
                  : `${study.trials.length} trials`}
              </span>
              <span class="spring" />
              <button
                type="button"
                class="plain"
                disabled={!isBrushed(view.brushes)}
                onClick={() => look({ ...view, brushes: {} })}
              >
                <span class="codicon codicon-clear-all" aria-hidden="true" /> Clear Brushes
              </button>
              <AxesMenu axes={axes} view={view} look={look} />
            </div>
            <ParallelPlot
              axes={shown}
              study={study}
              selected={selected}
              good={good}
              brushes={view.brushes}
              hover={hover}
              onBrush={(name, ranges) => look({ ...view, brushes: { ...view.brushes, [name]: ranges } })}
              onHover={setHover}
              onOpen={open}
            />
          </section>
          <div class="study-charts two">
            <BestChart study={study} version={version} selected={selected} good={good} hover={hover} />
            <ImportanceBars study={study} version={version} />
          </div>
          <TrialTable
            {...{ model, status, hover, send, total: study.trials.length, trials: sorted, sorting: view.sorting }}
            onSort={(sorting) => look({ ...view, sorting })}
            onHover={setHover}
          />
          <div class="study-charts">
            {axes
              .filter(({ isObjective }) => !isObjective)
              .map((axis) => (
                <ParamScatter key={axis.name} axis={axis} {...{ study, version, selected, good, hover }} />
              ))}
          </div>
        </>
      )}
    </main>
  );
}
