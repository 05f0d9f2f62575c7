/** What is shared by all charts of a comparison: axis, rows, smoothing, zoom, and the table in their place. */
import { Choice, ResetZoom, SCALES, Smoothing, TableSwitch } from '../charts/controls.tsx';
import type { CompareView, ShownRows } from './compareView.ts';

export interface ControlsProps {
  readonly view: CompareView;
  /** Which are drawn. */
  readonly rows: ShownRows;
  readonly hasValidation: boolean;
  readonly isZoomed: boolean;
  look(view: CompareView): void;
  onReset(): void;
}

const ROWS: Record<ShownRows, string> = { both: 'Both', training: 'Training', validation: 'Validation' };

export function Controls({ view, rows, hasValidation, isZoomed, look, onReset }: ControlsProps) {
  return (
    <div class="controls" role="toolbar" aria-label="Charts">
      <Choice
        label="Vertical axis"
        value={view.scale}
        options={SCALES}
        onChoose={(scale) => look({ ...view, scale })}
      />
      {hasValidation ? (
        <Choice label="Rows" value={rows} options={ROWS} onChoose={(chosen) => look({ ...view, rows: chosen })} />
      ) : null}
      <Smoothing value={view.smoothing} onChange={(smoothing) => look({ ...view, smoothing })} />
      <ResetZoom isZoomed={isZoomed} onReset={onReset} />
      <TableSwitch isTable={view.isTable} onChange={(isTable) => look({ ...view, isTable })} />
    </div>
  );
}
