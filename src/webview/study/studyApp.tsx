/** A study's whole page: head, parallel axes, charts, and the table of trials that follows the brush. */
import { useMemo, useState } from 'preact/hooks';
import type { StudyState } from '../../common/study/reduceStudy.ts';
import type { FromStudyPage } from '../../common/studyMessages.ts';
import { Problems } from '../problems.tsx';
import { type Axis, axesOf } from './axes.ts';
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
  if (model.studyFolder === null) {
    return <p class="muted loading">Reading the study…</p>;
  }
  return (
    <main class="study">
      <StudyHeader model={model} status={status} send={send} />
      <Problems title="That could not be done" problems={model.refused} send={send} />
      {status === 'interrupted' ? <Interrupted /> : null}
      {study.start === null ? (
        <section class="empty" aria-live="polite">
          <p>{study.end === null ? 'Reading the recipe and choosing the first trials…' : study.end.message}</p>
        </section>
      ) : (
        <Trials {...{ model, version, view, look, send }} />
      )}
    </main>
  );
}

function Interrupted() {
  return (
    <p class="notices">
      <span class="codicon codicon-warning" aria-hidden="true" /> The study ended without finishing; every trial until
      then is here. Resume Study goes on with the rest.
    </p>
  );
}

/** All that follows the brush and the pointer. */
function Trials({ model, version, view, look, send }: StudyAppProps) {
  const { study } = model;
  const [hover, setHover] = useState<number | null>(null);
  const axes = useMemo(() => orderAxes(axesOf(study), view.order), [study, version, view.order]);
  const shown = useMemo(() => axes.filter(({ name }) => !view.hidden.includes(name)), [axes, view.hidden]);
  const selected = useMemo(() => selectTrials(study.trials, axes, view.brushes), [axes, view.brushes]);
  const sorted = useMemo(() => sortTrials(selected, view.sorting), [selected, view.sorting]);
  const good = useMemo(() => goodness(study), [study, version]);
  const cloud = { study, version, selected, good, hover };
  return (
    <>
      <section aria-label="Parameters and objective">
        <ParallelHead study={study} selected={selected.length} axes={axes} view={view} look={look} />
        <ParallelPlot
          {...{ axes: shown, study, selected, good, hover, brushes: view.brushes }}
          onBrush={(name, ranges) => look({ ...view, brushes: { ...view.brushes, [name]: ranges } })}
          onHover={setHover}
          onOpen={(trial) => send({ type: 'openTrial', trial })}
        />
      </section>
      <div class="study-charts two">
        <BestChart {...cloud} />
        <ImportanceBars study={study} version={version} />
      </div>
      <TrialTable
        {...{ model, status: statusOf(model), hover, send }}
        {...{ total: study.trials.length, trials: sorted, sorting: view.sorting }}
        onSort={(sorting) => look({ ...view, sorting })}
        onHover={setHover}
      />
      <div class="study-charts">
        {axes
          .filter(({ isObjective }) => !isObjective)
          .map((axis) => (
            <ParamScatter key={axis.name} axis={axis} {...cloud} />
          ))}
      </div>
    </>
  );
}

interface ParallelHeadProps {
  readonly study: StudyState;
  /** How many trials the brushes leave. */
  readonly selected: number;
  readonly axes: readonly Axis[];
  readonly view: StudyView;
  look(view: StudyView): void;
}

function ParallelHead({ study, selected, axes, view, look }: ParallelHeadProps) {
  const isFiltered = isBrushed(view.brushes);
  const count = study.trials.length;
  return (
    <div class="section-head">
      <h2>Parameters and {study.start?.objective.metric}</h2>
      <span class="muted number" role="status">
        {isFiltered ? `${selected} of ${count} trials brushed` : `${count} trials`}
      </span>
      <span class="spring" />
      <button type="button" class="plain" disabled={!isFiltered} onClick={() => look({ ...view, brushes: {} })}>
        <span class="codicon codicon-clear-all" aria-hidden="true" /> Clear Brushes
      </button>
      <AxesMenu axes={axes} view={view} look={look} />
    </div>
  );
}
