/** The controls that charts have everywhere: choices, smoothing, zoom, and the table in their place. */

export const SCALES = { linear: 'Linear', log: 'Log' } as const;

export function Choice<T extends string>(props: {
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

export function Smoothing({ value, onChange }: { value: number; onChange(value: number): void }) {
  return (
    <label class="smoothing">
      Smoothing
      <input
        type="range"
        min="0"
        max="0.98"
        step="0.02"
        value={value}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
      <output>{value.toFixed(2)}</output>
    </label>
  );
}

export function ResetZoom({ isZoomed, onReset }: { isZoomed: boolean; onReset(): void }) {
  return (
    <button
      type="button"
      class="plain"
      disabled={!isZoomed}
      onClick={onReset}
      title="Drag over a chart to zoom, double-click to reset"
    >
      <span class="codicon codicon-zoom-out" aria-hidden="true" /> Reset Zoom
    </button>
  );
}

export function TableSwitch({ isTable, onChange }: { isTable: boolean; onChange(isTable: boolean): void }) {
  return (
    <button type="button" class="plain" aria-pressed={isTable} onClick={() => onChange(!isTable)}>
      <span class={`codicon codicon-${isTable ? 'graph-line' : 'table'}`} aria-hidden="true" />{' '}
      {isTable ? 'Charts' : 'Table'}
    </button>
  );
}
