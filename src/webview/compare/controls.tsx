/** What is shared by all charts of a comparison: axis, rows, smoothing, zoom, and the table in their place. */
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

const SCALES = { linear: 'Linear', log: 'Log' } as const;
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
      <label class="smoothing">
        Smoothing
        <input
          type="range"
          min="0"
          max="0.98"
          step="0.02"
          value={view.smoothing}
          onInput={(event) => look({ ...view, smoothing: Number(event.currentTarget.value) })}
        />
        <output>{view.smoothing.toFixed(2)}</output>
      </label>
      <button
        type="button"
        class="plain"
        disabled={!isZoomed}
        onClick={onReset}
        title="Drag over a chart to zoom, double-click to reset"
      >
        <span class="codicon codicon-zoom-out" aria-hidden="true" /> Reset Zoom
      </button>
      <button
        type="button"
        class="plain"
        aria-pressed={view.isTable}
        onClick={() => look({ ...view, isTable: !view.isTable })}
      >
        <span class={`codicon codicon-${view.isTable ? 'graph-line' : 'table'}`} aria-hidden="true" />{' '}
        {view.isTable ? 'Charts' : 'Table'}
      </button>
    </div>
  );
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: Readonly<Record<T, string>>;
  onChoose(value: T): void;
}) {
  return (
    <fieldset class="choice">
      <legend class="hidden">{props.label}</legend>
      {(Object.keys(props.options) as T[]).map((value) => (
        <button key={value} type="button" aria-pressed={props.value === value} onClick={() => props.onChoose(value)}>
          {props.options[value]}
        </button>
      ))}
    </fieldset>
  );
}
