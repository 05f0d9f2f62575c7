/** The head of the table: a click sorts, a drag moves the column. */
import { useState } from 'preact/hooks';
import type { RunSorting } from '../../common/run/sortRuns.ts';
import type { Column } from './columns.ts';
import { type Cell, cellId } from './gridRow.tsx';
import { LEAD } from './moveCell.ts';

interface GridHeadProps {
  readonly columns: readonly Column[];
  readonly sorting: RunSorting;
  readonly template: string;
  readonly width: number;
  readonly active: Cell;
  readonly isAll: boolean;
  onSort(id: string, column: number): void;
  onAll(): void;
  reorder(id: string, to: number): void;
}

export function GridHead(props: GridHeadProps) {
  const { columns, sorting, template, width, active, isAll, onSort, onAll, reorder } = props;
  const [dragged, setDragged] = useState<string | null>(null);
  const isHere = (column: number) => (active.runFolder === null && active.column === column ? ' here' : '');
  const starred = sorting.by === 'starred';
  return (
    // biome-ignore lint/a11y: the grid has the focus and hands the keys on, see runGrid.tsx.
    <div class="grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, width: `${width}px` }}>
      {/* biome-ignore lint/a11y: as above. */}
      <div class={`cell lead${isHere(0)}`} role="columnheader" id={cellId(-1, 0)} aria-colindex={1} onClick={onAll}>
        <span class={`box codicon codicon-${isAll ? 'check' : 'blank'}`} aria-hidden="true" />
        <span class="hidden">Select all</span>
      </div>
      {/* biome-ignore lint/a11y: as above. */}
      <div
        class={`cell lead star${isHere(1)}`}
        role="columnheader"
        id={cellId(-1, 1)}
        aria-colindex={2}
        aria-sort={starred ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
        title="Sort by star"
        onClick={() => onSort('starred', 1)}
      >
        <span class={`codicon codicon-star-${starred ? 'full' : 'empty'}`} aria-hidden="true" />
        <span class="hidden">star</span>
      </div>
      {columns.map(({ id, label, isNumber }, index) => {
        const arrow = sorting.by !== id ? 'blank' : sorting.descending ? 'arrow-down' : 'arrow-up';
        return (
          // biome-ignore lint/a11y: as above.
          <div
            key={id}
            id={cellId(-1, index + LEAD)}
            class={`cell${isNumber ? ' number' : ''}${isHere(index + LEAD)}${dragged === id ? ' dragged' : ''}`}
            role="columnheader"
            aria-colindex={index + LEAD + 1}
            aria-sort={sorting.by === id ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
            title={`Sort by ${label}; drag to move the column`}
            draggable
            onDragStart={() => setDragged(id)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) {
                reorder(dragged, index);
              }
            }}
            onClick={() => onSort(id, index + LEAD)}
          >
            <span class="text">{label}</span>
            <span class={`codicon codicon-${arrow}`} aria-hidden="true" />
          </div>
        );
      })}
    </div>
  );
}
