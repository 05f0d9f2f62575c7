/** What trains, where, how far it is, and the buttons that steer it. */
import { formatDuration, formatNumber } from '../common/format.ts';
import type { FromPanel } from '../common/panelMessages.ts';
import { describeBackend } from '../common/run/describeBackend.ts';
import { type PanelModel, progressOf, type ShownStatus, statusOf } from './panelModel.ts';
import { Verdict } from './result/resultView.tsx';

const STATUS: Readonly<Record<ShownStatus, { readonly icon: string; readonly text: string }>> = {
  none: { icon: 'circle-outline', text: 'not trained yet' },
  starting: { icon: 'loading', text: 'starting' },
  running: { icon: 'sync', text: 'training' },
  paused: { icon: 'debug-pause', text: 'paused' },
  completed: { icon: 'pass', text: 'completed' },
  stopped: { icon: 'debug-stop', text: 'stopped' },
  failed: { icon: 'error', text: 'failed' },
  interrupted: { icon: 'debug-disconnect', text: 'interrupted' },
};

export function Header({ model, send }: { model: PanelModel; send(message: FromPanel): void }) {
  const status = statusOf(model);
  const { icon, text } = STATUS[status];
  const why = status === 'paused' && model.run.pausedBecause === 'diskFull' ? ': the disk is full' : '';
  return (
    <header class="head">
      <div class="head-line">
        <h1>{model.recipe?.name ?? model.run.start?.name ?? 'Skillet'}</h1>
        <span class={`status ${status}`} role="status">
          <span class={`codicon codicon-${icon}`} aria-hidden="true" /> {text}
          {why}
        </span>
        <span class="spring" />
        <Buttons model={model} status={status} send={send} />
      </div>
      <ProgressLine model={model} status={status} />
      {model.run.evaluation === null ? null : <Verdict evaluation={model.run.evaluation} />}
      <Facts model={model} />
    </header>
  );
}

/** Looked up once the run stands still: there may be very many epochs. */
function spentMs({ run }: PanelModel): number {
  return run.epochs.reduce((sum, epoch) => sum + epoch.durationMs, 0);
}

function ProgressLine({ model, status }: { model: PanelModel; status: ShownStatus }) {
  const progress = progressOf(model.run);
  if (progress === null) {
    return null;
  }
  const isMoving = status === 'running' || status === 'paused';
  const left = status === 'running' && progress.leftMs !== null ? `${formatDuration(progress.leftMs)} left` : '';
  return (
    <div class="progress-line">
      <progress value={progress.share} max={1} aria-label="Training" />
      <span class="number">
        epoch {progress.epoch}/{progress.epochs}
      </span>
      <span class="number">{isMoving ? left : `${formatDuration(spentMs(model))} of training`}</span>
      <span class="number muted">
        {progress.samplesPerSecond > 0 ? `${formatNumber(progress.samplesPerSecond)} samples/s` : ''}
      </span>
    </div>
  );
}

function Facts({ model }: { model: PanelModel }) {
  const { start, backend, end } = model.run;
  if (start === null || backend === null) {
    return null;
  }
  const { data } = start;
  const rows = [
    `${data.trainRows} train`,
    ...(data.validationRows > 0 ? [`${data.validationRows} validation`] : []),
    `${data.testRows} test`,
  ].join(' · ');
  const params = model.runParams.map(({ name, value }) => `${name} ${value}`).join(', ');
  return (
    <div class="facts">
      <p>
        <b>{backend.name}</b>
        {describeBackend(backend)}. {backend.reason}
      </p>
      <p class="muted">
        {[
          ...(start.fork === undefined ? [] : [`forked from ${start.fork.run} after epoch ${start.fork.epoch}`]),
          `seed ${start.seed}`,
          `${rows} rows`,
          params,
        ]
          .filter((part) => part !== '')
          .join(' · ')}
        {end === null || end.status === 'failed' ? '' : ` · ${end.message}`}
      </p>
    </div>
  );
}

function Buttons({ model, status, send }: { model: PanelModel; status: ShownStatus; send(message: FromPanel): void }) {
  const control = (command: 'stop' | 'pause' | 'resume' | 'step') => () => send({ type: 'control', command });
  const isFull = model.run.pausedBecause === 'diskFull';
  const canResume =
    status === 'interrupted' || status === 'stopped' || (status === 'failed' && model.run.checkpoint !== null);
  return (
    <span class="buttons">
      {status === 'running' ? <IconTextButton icon="debug-pause" text="Pause" onClick={control('pause')} /> : null}
      {status === 'paused' ? (
        <IconTextButton
          icon="debug-continue"
          text={isFull ? 'Try Again Now' : 'Continue'}
          onClick={control('resume')}
        />
      ) : null}
      {status === 'paused' && !isFull ? (
        <IconTextButton icon="debug-step-over" text="Step" onClick={control('step')} />
      ) : null}
      {status === 'running' || status === 'paused' || status === 'starting' ? (
        <IconTextButton icon="debug-stop" text="Stop" onClick={control('stop')} />
      ) : null}
      {canResume ? (
        <IconTextButton icon="debug-restart" text="Resume Run" onClick={() => send({ type: 'resumeRun' })} />
      ) : null}
      {model.run.epochs.length > 0 ? (
        <IconTextButton icon="repo-forked" text="Fork…" onClick={() => send({ type: 'forkRun' })} />
      ) : null}
      {model.runFolder === null ? null : (
        <IconTextButton icon="folder-opened" text="Run Folder" onClick={() => send({ type: 'openRunFolder' })} />
      )}
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
