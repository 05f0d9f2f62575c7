/** The recipe's parameters as a form, and the button that trains again with other values. */
import { useEffect, useState } from 'preact/hooks';
import type { FromPanel, PanelParam } from '../common/panelMessages.ts';
import { type ReadParam, readParam } from './params.ts';

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
      {read.map((one) => (
        <Field key={one.name} param={one} onType={(text) => setTexts({ ...texts, [one.name]: text })} />
      ))}
      <button type="submit" class="primary" disabled={!isValid}>
        {hasRun ? 'Train Again' : 'Train'}
      </button>
      {isChanged ? (
        <button type="button" class="secondary" onClick={() => setTexts({})} title="Back to the recipe's values">
          Reset
        </button>
      ) : null}
      <span class="muted">{hintOf({ isChanged, isTraining })}</span>
    </form>
  );
}

function hintOf({ isChanged, isTraining }: { isChanged: boolean; isTraining: boolean }): string {
  const parts = [
    isChanged ? 'changed for the next run only; the recipe stays as it is' : '',
    isTraining ? 'the run that trains now goes on beside the new one' : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function Field({ param, onType }: { param: ReadParam; onType(text: string): void }) {
  const { name, value, text, error, isChanged, isNumber } = param;
  const id = `param-${name}`;
  return (
    <label class={isChanged ? 'changed' : ''} htmlFor={id}>
      <span class="field-name">{name}</span>
      {typeof value === 'boolean' ? (
        <input
          id={id}
          type="checkbox"
          checked={value}
          onChange={(event) => onType(String(event.currentTarget.checked))}
        />
      ) : (
        <input
          id={id}
          type="text"
          spellcheck={false}
          inputMode={isNumber ? 'decimal' : 'text'}
          value={text}
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : `error-${name}`}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      )}
      {error === null ? null : (
        <span class="field-error" id={`error-${name}`} role="alert">
          {error}
        </span>
      )}
    </label>
  );
}
