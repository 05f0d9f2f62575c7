/** The recipe's parameters as a form, and the button that trains again with other values. */
import { useEffect, useState } from 'preact/hooks';
import type { FromPanel, PanelParam } from '../common/panelMessages.ts';
import { readParam } from './params.ts';

export interface ParamsFormProps {
  /** As the recipe has them. */
  readonly params: readonly PanelParam[];
  readonly isTraining: boolean;
  readonly hasRun: boolean;
  send(message: FromPanel): void;
}

export function ParamsForm({ params, isTraining, hasRun, send }: ParamsFormProps) {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const key = JSON.stringify(params);
  // The file's values have changed: what was typed was meant for the old ones.
  useEffect(() => setTexts(key === '' ? {} : {}), [key]);
  const read = params.map((param) => readParam(param, texts[param.name]));
  const isChanged = read.some((one) => one.isChanged);
  const isValid = read.every((one) => one.error === null);
  const submit = (event: Event) => {
    event.preventDefault();
    if (isValid) {
      send({ type: 'train', params: read.map(({ name, value }) => ({ name, value })) });
    }
  };
  return (
    <form class="params" onSubmit={submit} aria-label="Parameters">
      <header class="section-head">
        <h2>Parameters</h2>
        <span class="muted">
          {params.length === 0
            ? 'The recipe names none.'
            : isChanged
              ? 'changed here; the file stays as it is'
              : 'as in the recipe'}
        </span>
      </header>
      <div class="fields">
        {read.map((one) => (
          <label key={one.name} class={one.isChanged ? 'changed' : ''} htmlFor={`param-${one.name}`}>
            <span class="field-name">{one.name}</span>
            {typeof one.value === 'boolean' ? (
              <input
                id={`param-${one.name}`}
                type="checkbox"
                checked={one.value}
                onChange={(event) => setTexts({ ...texts, [one.name]: String(event.currentTarget.checked) })}
              />
            ) : (
              <input
                id={`param-${one.name}`}
                type="text"
                spellcheck={false}
                inputMode={one.isNumber ? 'decimal' : 'text'}
                value={one.text}
                aria-invalid={one.error !== null}
                aria-describedby={one.error === null ? undefined : `error-${one.name}`}
                onInput={(event) => setTexts({ ...texts, [one.name]: event.currentTarget.value })}
              />
            )}
            {one.error === null ? null : (
              <span class="field-error" id={`error-${one.name}`} role="alert">
                {one.error}
              </span>
            )}
          </label>
        ))}
      </div>
      <div class="buttons">
        <button type="submit" class="primary" disabled={!isValid}>
          {hasRun ? 'Train Again' : 'Train'}
        </button>
        <button type="button" class="secondary" disabled={!isChanged} onClick={() => setTexts({})}>
          Reset
        </button>
        {isTraining ? <span class="muted">The run above goes on beside the new one.</span> : null}
      </div>
    </form>
  );
}
