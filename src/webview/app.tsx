/** The whole panel. */
import type { FromPanel } from '../common/panelMessages.ts';
import { ChartGrid } from './charts/chartGrid.tsx';
import { Diagnoses } from './diagnoses.tsx';
import { Header } from './header.tsx';
import { ModelPage } from './modelPage.tsx';
import { WatchedNetwork } from './network/watchedNetwork.tsx';
import { graphOf, type PanelModel, statusOf } from './panelModel.ts';
import { ParamsForm } from './paramsForm.tsx';
import { PredictView } from './predict/predictView.tsx';
import { Problems } from './problems.tsx';
import { ForecastView } from './result/forecastView.tsx';
import { ResultView } from './result/resultView.tsx';

export interface AppProps {
  /** Grows in place. */
  readonly model: PanelModel;
  send(message: FromPanel): void;
}

export function App({ model, send }: AppProps) {
  const { recipe, run } = model;
  const status = statusOf(model);
  const graph = graphOf(model);
  const isTraining = status === 'running' || status === 'paused' || status === 'starting';
  if (recipe === null) {
    return <ModelPage predict={model.predict} send={send} />;
  }
  return (
    <main>
      <Header model={model} send={send} />
      <Problems title="Training was not started" problems={model.refused} send={send} />
      <Problems
        title="The recipe has problems"
        problems={model.refused.length > 0 ? [] : recipe.problems}
        send={send}
      />
      <Problems title={run.end?.message ?? 'The run failed'} problems={run.problems} send={send} />
      <Notices model={model} />
      <Diagnoses diagnoses={model.diagnoses} send={send} />
      {status === 'interrupted' ? <Interrupted model={model} /> : null}
      <ParamsForm params={recipe.params} isTraining={isTraining} hasRun={model.runFolder !== null} send={send} />
      <div class="body">
        {run.start === null ? (
          <Empty isTraining={isTraining} hasProblems={recipe.problems.length > 0} />
        ) : (
          <ChartGrid
            run={run}
            pastRuns={model.pastRuns}
            pastCount={model.pastCount}
            onPastCount={(count) => send({ type: 'pastRuns', count })}
          />
        )}
        {run.forecasts.length === 0 ? null : (
          <div class="forecasts">
            {run.forecasts.map((forecast) => (
              <ForecastView key={forecast.target} forecast={forecast} send={send} />
            ))}
          </div>
        )}
        {run.evaluation === null ? null : <ResultView evaluation={run.evaluation} />}
        {run.evaluation === null || run.end === null ? null : (
          <PredictView key={model.runFolder} state={model.predict} send={send} />
        )}
        {graph === null ? null : (
          <WatchedNetwork
            {...{ graph, name: recipe.name, selected: model.selectedLayer, send }}
            watch={{ run, isLive: status === 'running' || status === 'paused', toggles: model.watchToggles }}
          />
        )}
      </div>
    </main>
  );
}

function Notices({ model }: { model: PanelModel }) {
  return model.run.notices.length === 0 ? null : (
    <ul class="notices">
      {model.run.notices.map((notice) => (
        <li key={notice.at + notice.message}>
          <span class={`codicon codicon-${notice.level}`} aria-hidden="true" /> {notice.message} {notice.remedy}
        </li>
      ))}
    </ul>
  );
}

function Interrupted({ model }: { model: PanelModel }) {
  const { checkpoint } = model.run;
  const from =
    checkpoint === null
      ? 'from its beginning, as it had no checkpoint yet'
      : `from its checkpoint after epoch ${checkpoint.epoch}`;
  return (
    <p class="notices">
      <span class="codicon codicon-warning" aria-hidden="true" /> The trainer ended without finishing; everything until
      then is here. Resume Run goes on {from}.
    </p>
  );
}

function Empty({ isTraining, hasProblems }: { isTraining: boolean; hasProblems: boolean }) {
  const text = isTraining
    ? 'Reading the data and choosing a backend…'
    : hasProblems
      ? 'The recipe has problems; mend them in the editor, then train.'
      : 'Nothing was trained yet. Press Train: the curves appear here while it learns.';
  return (
    <section class="empty" aria-live="polite">
      <p>{text}</p>
    </section>
  );
}
