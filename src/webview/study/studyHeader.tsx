/** What is searched and how far it is, the best trial so far, and the buttons that steer it. */
import { formatDuration, formatNumber } from '../../common/format.ts';
import { studyProgress, type TrialState } from '../../common/study/reduceStudy.ts';
import type { StudyStart } from '../../common/study/studyEvents.ts';
import type { FromStudyPage } from '../../common/studyMessages.ts';
import { paramText } from './axes.ts';
import { isInRecipe, type ShownStudyStatus, type StudyModel } from './studyModel.ts';

const STATUS: Readonly<Record<ShownStudyStatus, { readonly icon: string; readonly text: string }>> = {
  starting: { icon: 'loading', text: 'starting' },
  running: { icon: 'sync', text: 'tuning' },
  paused: { icon: 'debug-pause', text: 'paused' },
  completed: { icon: 'pass', text: 'completed' },
  stopped: { icon: 'debug-stop', text: 'stopped' },
  failed: { icon: 'error', text: 'failed' },
  interrupted: { icon: 'debug-disconnect', text: 'interrupted' },
};

interface HeaderProps {
  readonly model: StudyModel;
  readonly status: ShownStudyStatus;
  send(message: FromStudyPage): void;
}

export function StudyHeader({ model, status, send }: HeaderProps) {
  const { icon, text } = STATUS[status];
  const { start } = model.study;
  return (
    <header class="head">
      <div class="head-line">
        <h1>{start === null ? 'Study' : `Tuning ${start.name}`}</h1>
        <span class={`status ${status}`} role="status">
          <span class={`codicon codicon-${icon}`} aria-hidden="true" /> {text}
        </span>
        <span class="spring" />
        <Buttons status={status} send={send} />
      </div>
      {start === null ? null : <p class="muted">{describeStudy(start)}</p>}
      <ProgressLine model={model} status={status} />
      {start === null ? null : <BestLine model={model} send={send} />}
      {start?.objective.metric.startsWith('test_') === true ? <p class="muted">{CHOSEN_BY_TEST}</p> : null}
    </header>
  );
}

const CHOSEN_BY_TEST =
  'The trials are chosen by their test rows, so the best value looks better than new rows will. Fairer: validationSplit under train, and a val_ metric as objective.';

const ALGORITHMS: Readonly<Record<StudyStart['algorithm'], string>> = {
  grid: 'grid search',
  random: 'random search',
  bayesian: 'Bayesian search',
};

/** `The lowest val_rmse · Bayesian search · 2 trials at a time · after 3 and 9 epochs the best third goes on · seed 0` */
export function describeStudy({ objective, algorithm, parallel, halving, seed }: StudyStart): string {
  return [
    `Wanted: the ${objective.goal === 'minimize' ? 'lowest' : 'highest'} ${objective.metric}`,
    ALGORITHMS[algorithm] ?? algorithm,
    parallel === 1 ? 'one trial at a time' : `${parallel} trials at a time`,
    ...(halving === undefined || halving.rungs.length === 0
      ? []
      : [`after ${listed(halving.rungs)} epochs the best of every ${halving.factor} trials go on`]),
    `seed ${seed}`,
  ].join(' · ');
}

function listed(numbers: readonly number[]): string {
  return numbers.length < 2 ? numbers.join('') : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

function ProgressLine({ model, status }: { model: StudyModel; status: ShownStudyStatus }) {
  const progress = studyProgress(model.study);
  if (progress === null) {
    return null;
  }
  const { ended, wanted, failed, halted, leftMs } = progress;
  const message = status === 'completed' ? '' : (model.study.end?.message ?? '');
  const left = status === 'running' && leftMs !== null ? `about ${formatDuration(leftMs)} left` : message;
  const others = [...(halted > 0 ? [`${halted} halted`] : []), ...(failed > 0 ? [`${failed} failed`] : [])].join(' · ');
  return (
    <div class="progress-line">
      <progress value={ended} max={Math.max(1, wanted)} aria-label="Trials" />
      <span class="number">
        {ended}/{wanted} trials
      </span>
      <span class="number">{left}</span>
      <span class="number muted">{others}</span>
    </div>
  );
}

/** Its place is kept from the beginning, so that the first result does not push the page. */
function BestLine({ model, send }: { model: StudyModel; send(message: FromStudyPage): void }) {
  const { study, recipe } = model;
  const metric = study.start?.objective.metric ?? '';
  const best = study.trials.find(({ number }) => number === study.best);
  return (
    <div class="best-line">
      {best === undefined ? (
        <p class="muted">No trial has a value yet; the best one will stand here.</p>
      ) : (
        <p class="best-text">
          <span class="codicon codicon-star-full" aria-hidden="true" /> Best so far: <b>{metric}</b>{' '}
          <b class="number">{formatNumber(best.value)}</b>, trial {best.number}{' '}
          <span class="muted">
            {Object.entries(best.params)
              .map(([name, value]) => `${name} ${paramText(value)}`)
              .join(' · ')}
          </span>
        </p>
      )}
      <span class="buttons">
        <ApplyButton best={best ?? null} model={model} send={send} />
        <button
          type="button"
          class="secondary"
          disabled={best === undefined || recipe?.params === null}
          title="Trains the recipe with these values, from its beginning to its end, as a run of its own"
          onClick={() => best !== undefined && send({ type: 'trainTrial', trial: best.number })}
        >
          <span class="codicon codicon-play" aria-hidden="true" /> Train the Best Fully
        </button>
      </span>
    </div>
  );
}

interface ApplyProps {
  readonly best: TrialState | null;
  readonly model: StudyModel;
  send(message: FromStudyPage): void;
}

function ApplyButton({ best, model: { recipe }, send }: ApplyProps) {
  const isApplied = best !== null && isInRecipe(best, recipe?.params ?? null);
  const title =
    recipe?.params === null
      ? 'The recipe is gone or cannot be read'
      : isApplied
        ? 'The recipe has these values'
        : 'Writes these values into the params of the recipe; Undo takes them back';
  return (
    <button
      type="button"
      class={isApplied ? 'secondary apply' : 'primary apply'}
      disabled={best === null || recipe?.params === null}
      aria-disabled={isApplied}
      title={title}
      onClick={() => best !== null && !isApplied && send({ type: 'applyTrial', trial: best.number })}
    >
      <span class={`codicon codicon-${isApplied ? 'check' : 'edit'}`} aria-hidden="true" />{' '}
      {isApplied ? 'In the Recipe' : 'Apply the Best'}
    </button>
  );
}

function Buttons({ status, send }: { status: ShownStudyStatus; send(message: FromStudyPage): void }) {
  const control = (command: 'stop' | 'pause' | 'resume') => () => send({ type: 'control', command });
  const isOpen = status === 'running' || status === 'paused' || status === 'starting';
  return (
    <span class="buttons">
      {status === 'running' ? <IconTextButton icon="debug-pause" text="Pause" onClick={control('pause')} /> : null}
      {status === 'paused' ? (
        <IconTextButton icon="debug-continue" text="Continue" onClick={control('resume')} />
      ) : null}
      {isOpen ? <IconTextButton icon="debug-stop" text="Stop" onClick={control('stop')} /> : null}
      {status === 'interrupted' || status === 'stopped' ? (
        <IconTextButton icon="debug-restart" text="Resume Study" onClick={() => send({ type: 'resumeStudy' })} />
      ) : null}
      <IconTextButton icon="folder-opened" text="Study Folder" onClick={() => send({ type: 'openStudyFolder' })} />
    </span>
  );
}

function IconTextButton({ icon, text, onClick }: { icon: string; text: string; onClick(): void }) {
  return (
    <button type="button" class="secondary" onClick={onClick}>
      <span class={`codicon codicon-${icon}`} aria-hidden="true" /> {text}
    </button>
  );
}
