/** One run in the table. */
import type { TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatNumber } from '../../common/format.ts';
import { beatsBaseline, type RunSummary } from '../../common/run/runSummary.ts';
import { type Column, cellText, EDITABLE } from './columns.ts';
import { ROW_HEIGHT } from './gridRows.ts';
import { LEAD } from './moveCell.ts';

/** A place in the table; no run: the head. */
export interface Cell {
  readonly runFolder: string | null;
  /** 0 the box, 1 the star, then the columns. */
  readonly column: number;
}

export const cellId = (row: number, column: number) => `cell-${row}-${column}`;

const ICONS: Readonly<Record<RunSummary['status'], string>> = {
  starting: 'loading',
  running: 'sync',
  paused: 'debug-pause',
  completed: 'pass',
  stopped: 'debug-stop',
  failed: 'error',
  interrupted: 'debug-disconnect',
};

interface GridRowProps {
  readonly run: RunSummary;
  /** Among all that are shown. */
  readonly index: number;
  readonly columns: readonly Column[];
  readonly template: string;
  readonly isSelected: boolean;
  /** The column the keys are at, and the one that is written in. */
  readonly active: number | null;
  readonly editing: number | null;
  /** Null: leave it as it was. */
  onWrite(column: number, text: string | null): void;
}

export function GridRow(props: GridRowProps) {
  const { run, index, columns, template, isSelected, active } = props;
  const { starred, archived } = run.annotations;
  const here = (column: number) => (active === column ? ' here' : '');
  const style = { transform: `translateY(${index * ROW_HEIGHT}px)`, gridTemplateColumns: template };
  return (
    // biome-ignore lint/a11y: the grid has the focus and hands the keys on, see runGrid.tsx.
    <div
      class={`grid-row ${run.status}${isSelected ? ' selected' : ''}${archived ? ' archived' : ''}`}
      role="row"
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      style={style}
    >
      {/* biome-ignore lint/a11y: as above. */}
      <div
        class={`cell lead${here(0)}`}
        role="gridcell"
        id={cellId(index, 0)}
        aria-colindex={1}
        aria-label={isSelected ? 'selected' : 'not selected'}
      >
        <span class={`box codicon codicon-${isSelected ? 'check' : 'blank'}`} aria-hidden="true" />
      </div>
      {/* biome-ignore lint/a11y: as above. */}
      <div
        class={`cell lead star${here(1)}`}
        role="gridcell"
        id={cellId(index, 1)}
        aria-colindex={2}
        aria-label={starred ? 'starred' : 'not starred'}
        title={starred ? 'Unstar' : 'Star'}
      >
        <span class={`codicon codicon-star-${starred ? 'full' : 'empty'}`} aria-hidden="true" />
      </div>
      {columns.map((column, at) => (
        <RunCell key={column.id} {...props} column={column} at={at + LEAD} here={here(at + LEAD)} />
      ))}
    </div>
  );
}

interface RunCellProps extends GridRowProps {
  readonly column: Column;
  readonly at: number;
  readonly here: string;
}

function RunCell({ column, at, here, run, index, editing, onWrite }: RunCellProps) {
  const isEditable = EDITABLE.includes(column.id);
  return (
    // biome-ignore lint/a11y: as above.
    <div
      class={`cell${column.isNumber ? ' number' : ''}${isEditable ? ' editable' : ''}${here}`}
      role="gridcell"
      id={cellId(index, at)}
      aria-colindex={at + 1}
      aria-readonly={!isEditable}
    >
      {editing === at ? (
        <CellField
          label={`${column.label} of ${run.name}`}
          text={column.id === 'tags' ? run.annotations.tags.join(' ') : run.annotations.note}
          onWrite={(text) => onWrite(at, text)}
        />
      ) : (
        <Content run={run} column={column} />
      )}
    </div>
  );
}

function Content({ run, column }: { readonly run: RunSummary; readonly column: Column }) {
  const text = cellText(run, column.id);
  switch (column.id) {
    case 'name':
      return (
        <span class="text" title={`${text}${forkWords(run)}\n${run.runFolder}`}>
          <span class="name">{text}</span>
          {run.fork === undefined ? null : <span class="fork"> from epoch {run.fork.epoch}</span>}
        </span>
      );
    case 'status':
      return (
        <span class="text status-cell" title={run.problem ?? undefined}>
          <span class={`codicon codicon-${ICONS[run.status]}`} aria-hidden="true" /> {text}
        </span>
      );
    case 'result':
      return <Result run={run} text={text} />;
    case 'tags':
      return (
        <span class="text tags" title={text}>
          {run.annotations.tags.map((tag) => (
            <span key={tag} class="tag">
              {tag}
            </span>
          ))}
        </span>
      );
    default:
      return (
        <span class="text" title={text}>
          {text}
        </span>
      );
  }
}

function forkWords({ fork }: RunSummary): string {
  return fork === undefined ? '' : `, forked from ${fork.run} after epoch ${fork.epoch}`;
}

function Result({ run, text }: { readonly run: RunSummary; readonly text: string }) {
  const isBetter = beatsBaseline(run);
  const { result } = run;
  if (result === null || isBetter === null) {
    return <span class="text">{text}</span>;
  }
  const word = isBetter ? 'better than' : 'no better than';
  const unit = result.unit === undefined ? '' : ` ${result.unit}`;
  return (
    <span
      class={`text result ${isBetter ? 'better' : 'worse'}`}
      title={`${text}${unit}: ${word} the best baseline, ${formatNumber(result.baseline)}`}
    >
      {text} <span class={`codicon codicon-${isBetter ? 'check' : 'warning'}`} aria-hidden="true" />
      <span class="hidden">{word} the best baseline</span>
    </span>
  );
}

interface CellFieldProps {
  readonly label: string;
  readonly text: string;
  onWrite(text: string | null): void;
}

/** Enter and leaving it write, Escape leaves it as it was. */
function CellField({ label, text, onWrite }: CellFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useLayoutEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, []);
  const end = (written: string | null) => {
    if (!isDone.current) {
      isDone.current = true;
      onWrite(written === text ? null : written);
    }
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault();
      end(event.key === 'Enter' ? event.currentTarget.value : null);
    }
  };
  return (
    <input
      ref={field}
      type="text"
      class="cell-field"
      aria-label={label}
      defaultValue={text}
      onKeyDown={onKeyDown}
      onBlur={({ currentTarget }) => end(currentTarget.value)}
    />
  );
}
