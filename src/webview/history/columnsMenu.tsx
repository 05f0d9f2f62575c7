/** Which columns are shown, and in which order. */
import type { Column } from './columns.ts';
import { type HistoryView, moveColumn } from './historyView.ts';

interface ColumnsMenuProps {
  /** All, in their order. */
  readonly columns: readonly Column[];
  readonly view: HistoryView;
  look(view: HistoryView): void;
}

export function ColumnsMenu({ columns, view, look }: ColumnsMenuProps) {
  const toggle = (id: string) => {
    const isHidden = view.hidden.includes(id);
    look({ ...view, hidden: isHidden ? view.hidden.filter((one) => one !== id) : [...view.hidden, id] });
  };
  const move = (id: string, to: number) => look({ ...view, order: moveColumn(columns, id, to) });
  return (
    <details class="menu columns-menu">
      <summary>
        <span class="codicon codicon-settings" aria-hidden="true" /> Columns
      </summary>
      <ul>
        {columns.map(({ id, label }, index) => (
          <li key={id}>
            <label>
              <input type="checkbox" checked={!view.hidden.includes(id)} onChange={() => toggle(id)} /> {label}
            </label>
            <span class="spring" />
            <MoveButton {...{ label, to: 'left' }} isOff={index === 0} onClick={() => move(id, index - 1)} />
            <MoveButton
              {...{ label, to: 'right' }}
              isOff={index === columns.length - 1}
              onClick={() => move(id, index + 1)}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}

interface MoveButtonProps {
  readonly label: string;
  readonly to: 'left' | 'right';
  readonly isOff: boolean;
  onClick(): void;
}

function MoveButton({ label, to, isOff, onClick }: MoveButtonProps) {
  return (
    <button
      type="button"
      class="plain"
      aria-label={`Move ${label} to the ${to}`}
      aria-disabled={isOff}
      onClick={isOff ? undefined : onClick}
    >
      <span class={`codicon codicon-arrow-${to}`} aria-hidden="true" />
    </button>
  );
}
