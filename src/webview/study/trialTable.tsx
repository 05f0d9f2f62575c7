/** The trials as a table that can be sorted; it holds what the brushes leave. */
import { formatDuration, formatNumber } from '../../common/format.ts';
import type { TrialState } from '../../common/study/reduceStudy.ts';
import type { FromStudyPage } from '../../common/studyMessages.ts';
import { paramText } from './axes.ts';
import { nextSorting, type Sorting } from './sortTrials.ts';
import {
  isInRecipe,
  type ShownStudyStatus,
  type ShownTrialStatus,
  type StudyModel,
  trialStatus,
} from './studyModel.ts';

export interface TrialTableProps {
  readonly model: StudyModel;
  readonly status: ShownStudyStatus;
  /** As they are to stand. */
  readonly trials: readonly TrialState[];
  readonly total: number;
  readonly sorting: Sorting;
  readonly hover: number | null;
  onSort(sorting: Sorting): void;
  onHover(trial: number | null): void;
  send(message: FromStudyPage): void;
}

export function TrialTable(props: TrialTableProps) {
  const { model, trials, total, sorting, onSort } = props;
  const { start } = model.study;
  const names = Object.keys(start?.space ?? {});
  const metric = start?.objective.metric ?? 'value';
  const columns: readonly { by: string; text: string; isWord?: boolean }[] = [
    { by: 'number', text: 'trial' },
    { by: 'status', text: 'state', isWord: true },
    { by: 'value', text: metric },
    ...names.map((name) => ({ by: `param:${name}`, text: name, isWord: start?.space[name]?.type === 'categorical' })),
    { by: 'epochs', text: 'epochs' },
    { by: 'duration', text: 'duration' },
  ];
  const sort = (by: string) => onSort(nextSorting(sorting, by, start?.objective.goal ?? 'minimize'));
  return (
    <section aria-label="Trials">
      <div class="section-head">
        <h2>Trials</h2>
        <span class="muted">{trials.length < total ? `${trials.length} of ${total}: those that are brushed` : ''}</span>
      </div>
      <div class="trial-scroll">
        <table class="trials">
          <thead>
            <tr>
              {columns.map(({ by, text, isWord }) => (
                <th
                  key={by}
                  scope="col"
                  class={isWord === true ? 'word' : ''}
                  aria-sort={sorting.by === by ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" class="sort" onClick={() => sort(by)}>
                    {text}
                    <span class={`codicon codicon-${arrowOf(sorting, by)}`} aria-hidden="true" />
                  </button>
                </th>
              ))}
              <th scope="col">
                <span class="hidden">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {trials.map((trial) => (
              <Row key={trial.number} trial={trial} names={names} {...props} />
            ))}
          </tbody>
        </table>
        {trials.length > 0 ? null : (
          <p class="muted no-trials">
            {total === 0 ? 'No trial has begun yet.' : 'No trial lies in all the ranges that are brushed.'}
          </p>
        )}
      </div>
    </section>
  );
}

function arrowOf({ by, descending }: Sorting, column: string): string {
  return by !== column ? 'blank' : descending ? 'arrow-down' : 'arrow-up';
}

const ICONS: Readonly<Record<ShownTrialStatus, string>> = {
  running: 'sync',
  completed: 'pass',
  halted: 'circle-slash',
  failed: 'error',
  stopped: 'debug-stop',
  interrupted: 'debug-disconnect',
};

interface RowProps extends TrialTableProps {
  readonly trial: TrialState;
  readonly names: readonly string[];
}

function Row({ trial, names, model, status, hover, onHover, send }: RowProps) {
  const { study, epochs } = model;
  const { number } = trial;
  const shown = trialStatus(trial, status);
  const isBest = number === study.best;
  const isDone = trial.status !== 'running';
  return (
    <tr
      class={`trial ${shown}${isBest ? ' best' : ''}${hover === number ? ' hovered' : ''}`}
      onMouseEnter={() => onHover(number)}
      onMouseLeave={() => onHover(null)}
    >
      <th scope="row">
        {isBest ? <span class="codicon codicon-star-full" role="img" aria-label="Best" /> : null}
        <button
          type="button"
          class="link trial-link"
          title="Open its run"
          aria-label={`Trial ${number}: open its run`}
          onFocus={() => onHover(number)}
          onBlur={() => onHover(null)}
          onClick={() => send({ type: 'openTrial', trial: number })}
        >
          {number}
        </button>
      </th>
      <td class="word" title={trial.message === '' ? undefined : trial.message}>
        <span class={`codicon codicon-${ICONS[shown]}`} aria-hidden="true" /> {shown}
        {shown === 'failed' && trial.message !== '' ? <div class="reason muted">{trial.message}</div> : null}
      </td>
      <td>
        <b>{trial.value === null && shown === 'running' ? '' : formatNumber(trial.value)}</b>
      </td>
      {names.map((name) => (
        <td key={name} class={typeof trial.params[name] === 'number' ? '' : 'word'}>
          {paramText(trial.params[name])}
        </td>
      ))}
      <td>{isDone ? trial.epochs : Math.max(trial.epochs, epochs[number] ?? 0)}</td>
      <td>{trial.durationMs === null ? '' : formatDuration(trial.durationMs)}</td>
      <td class="actions">
        <RowActions trial={trial} model={model} send={send} />
      </td>
    </tr>
  );
}

function RowActions({ trial, model, send }: Pick<RowProps, 'trial' | 'model' | 'send'>) {
  const params = model.recipe?.params ?? null;
  if (params === null) {
    return null;
  }
  return (
    <>
      {isInRecipe(trial, params) ? (
        <span class="muted applied">
          <span class="codicon codicon-check" aria-hidden="true" /> in the recipe
        </span>
      ) : (
        <button
          type="button"
          class="plain"
          title="Writes these values into the recipe"
          aria-label={`Apply trial ${trial.number} to the recipe`}
          onClick={() => send({ type: 'applyTrial', trial: trial.number })}
        >
          Apply
        </button>
      )}
      <button
        type="button"
        class="plain"
        title="Trains the recipe with these values, from its beginning to its end"
        aria-label={`Train fully with the values of trial ${trial.number}`}
        onClick={() => send({ type: 'trainTrial', trial: trial.number })}
      >
        Train
      </button>
    </>
  );
}
