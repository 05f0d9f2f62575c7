/** The runs as a table: look, name, ancestry, result, and what can be done with each. */
import { ancestry } from '../../common/compare/ancestry.ts';
import type { ComparedRun } from '../../common/compare/comparedRun.ts';
import type { FromComparePage } from '../../common/compareMessages.ts';
import { formatNumber } from '../../common/format.ts';
import type { CompareModel } from './compareModel.ts';
import { type CompareView, toggle } from './compareView.ts';
import { lookOf, type PageColors } from './looks.ts';
import { Swatch } from './swatch.tsx';

export interface LegendProps {
  readonly model: CompareModel;
  readonly runs: readonly ComparedRun[];
  readonly labels: ReadonlyMap<string, string>;
  readonly view: CompareView;
  readonly colors: PageColors;
  readonly highlighted: string | null;
  look(view: CompareView): void;
  onHighlight(runFolder: string | null): void;
  send(message: FromComparePage): void;
}

export function Legend(props: LegendProps) {
  const { model, runs, view, look, send } = props;
  const isAllHidden = runs.length > 0 && runs.every(({ runFolder }) => view.hidden.includes(runFolder));
  const waiting = (model.runFolders ?? []).length - runs.length - model.unreadable.size;
  const grey = runs.filter(({ runFolder }) => view.slots[runFolder] === undefined).length;
  return (
    <section class="legend" aria-label="Runs">
      <div class="section-head">
        <h2>Runs</h2>
        <span class="muted number" role="status">
          {waiting > 0 ? `reading ${waiting} more…` : ''}
        </span>
        <span class="spring" />
        <button
          type="button"
          class="plain"
          onClick={() => look({ ...view, hidden: isAllHidden ? [] : runs.map(({ runFolder }) => runFolder) })}
        >
          {isAllHidden ? 'Show All' : 'Hide All'}
        </button>
        <button type="button" class="plain" onClick={() => send({ type: 'addRuns' })}>
          <span class="codicon codicon-add" aria-hidden="true" /> Add Runs…
        </button>
      </div>
      <div class="legend-scroll">
        <table class="legend-table">
          <thead class="hidden">
            <tr>
              <th scope="col">shown</th>
              <th scope="col">run</th>
              <th scope="col">test result</th>
              <th scope="col">what can be done</th>
            </tr>
          </thead>
          <tbody>
            {ancestry(runs).map(({ run, depth }) => (
              <LegendRow key={run.runFolder} run={run} depth={depth} {...props} />
            ))}
            {[...model.unreadable].map(([folder, problem]) => (
              <tr key={folder}>
                <td />
                <th scope="row" class="unreadable">
                  <span class="codicon codicon-error" aria-hidden="true" /> {problem.path}: {problem.message}{' '}
                  {problem.remedy}
                </th>
                <td />
                <td>
                  <RowButton
                    icon="close"
                    label={`Remove ${folder}`}
                    onClick={() => send({ type: 'removeRuns', runFolders: [folder] })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {grey === 0 ? null : (
        <p class="muted">
          {grey} run{grey === 1 ? ' is' : 's are'} grey: point at one to see it, or pin it to give it a colour.
        </p>
      )}
    </section>
  );
}

interface RowProps extends LegendProps {
  readonly run: ComparedRun;
  readonly depth: number;
}

function LegendRow({ run, depth, labels, view, colors, highlighted, look, onHighlight, send }: RowProps) {
  const { runFolder, fork, test, status } = run;
  const label = labels.get(runFolder) ?? run.name;
  const isHidden = view.hidden.includes(runFolder);
  const isPinned = view.pinned.includes(runFolder);
  const isOver = status === 'completed';
  const hover = { onMouseEnter: () => onHighlight(runFolder), onMouseLeave: () => onHighlight(null) };
  const focus = { onFocusCapture: () => onHighlight(runFolder), onBlurCapture: () => onHighlight(null) };
  return (
    <tr
      class={`legend-row${isHidden ? ' off' : ''}${highlighted === runFolder ? ' hovered' : ''}`}
      {...hover}
      {...focus}
    >
      <td>
        <input
          type="checkbox"
          checked={!isHidden}
          aria-label={`Show ${label}`}
          onChange={() => look({ ...view, hidden: toggle(view.hidden, runFolder) })}
        />
      </td>
      <th scope="row">
        <div class="run-name" style={{ '--depth': depth }}>
          {depth === 0 ? null : <span class="branch" aria-hidden="true" />}
          <Swatch look={lookOf(runFolder, view.slots, colors)} />
          <span>
            <button
              type="button"
              class="link"
              title={`Open ${runFolder}`}
              onClick={() => send({ type: 'openRun', runFolder })}
            >
              {label}
            </button>
            {fork === null ? null : (
              <span class="muted">
                {' '}
                from epoch {fork.epoch}
                {depth === 0 ? ` of ${fork.run}` : ''}
              </span>
            )}
            {isOver ? null : <span class="muted"> {status}</span>}
          </span>
        </div>
      </th>
      <td class="number">{test === null ? '' : formatNumber(test.metrics[test.primary.metric])}</td>
      <td class="row-buttons">
        <RowButton
          icon={isPinned ? 'pinned' : 'pin'}
          label={`Pin ${label}`}
          isPressed={isPinned}
          onClick={() => look({ ...view, pinned: toggle(view.pinned, runFolder) })}
        />
        <RowButton
          icon="close"
          label={`Remove ${label}`}
          onClick={() => send({ type: 'removeRuns', runFolders: [runFolder] })}
        />
      </td>
    </tr>
  );
}

function RowButton(props: { icon: string; label: string; isPressed?: boolean; onClick(): void }) {
  const pressed = props.isPressed === undefined ? {} : { 'aria-pressed': props.isPressed };
  return (
    <button
      type="button"
      class="plain"
      aria-label={props.label}
      title={props.label}
      {...pressed}
      onClick={props.onClick}
    >
      <span class={`codicon codicon-${props.icon}`} aria-hidden="true" />
    </button>
  );
}
