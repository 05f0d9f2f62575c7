/** Asking a saved network: a row typed into a form, answered as it is typed, or a CSV file. */
import { useEffect, useState } from 'preact/hooks';
import type { FormField, ModelView } from '../../common/model/predictMessages.ts';
import type { FromPanel } from '../../common/panelMessages.ts';
import { Answer } from './answer.tsx';
import { FileState } from './fileState.tsx';
import './predict.css';
import type { PredictState } from './predictState.ts';

interface PredictProps {
  readonly state: PredictState;
  send(message: FromPanel): void;
}

/** Below the result of a run: the network is loaded at a person's word. */
export function PredictView({ state, send }: PredictProps) {
  const [isAsked, setAsked] = useState(false);
  const open = () => {
    setAsked(true);
    send({ type: 'openPredict' });
  };
  const isOpen = state.model !== null || state.problem !== null;
  return (
    <section class="predict" aria-label="Predict">
      <header class="section-head">
        <h2>Predict</h2>
        {isOpen ? null : <span class="muted">what the trained network says of other rows</span>}
      </header>
      {isOpen ? (
        <PredictBody {...{ state, send }} />
      ) : (
        <button type="button" class="secondary" onClick={open} disabled={isAsked}>
          {isAsked ? 'Reading the network…' : 'Predict…'}
        </button>
      )}
    </section>
  );
}

/** The form and the file, once the network is there. */
export function PredictBody({ state, send }: PredictProps) {
  const { model, problem } = state;
  if (model === null) {
    return problem === null ? null : (
      <p class="field-error" role="alert">
        {problem.path}: {problem.message} {problem.remedy}
      </p>
    );
  }
  return (
    <>
      {model.form === null ? (
        <p class="muted needs">{model.needs}</p>
      ) : (
        <RowForm {...{ model, form: model.form, state, send }} />
      )}
      <div class="predict-file">
        <button type="button" class="secondary" onClick={() => send({ type: 'predictCsv' })}>
          Predict a CSV…
        </button>
        <FileState file={state.file} send={send} />
      </div>
    </>
  );
}

interface RowFormProps extends PredictProps {
  readonly model: ModelView;
  readonly form: readonly FormField[];
}

function RowForm({ model, form, state, send }: RowFormProps) {
  const [fields, setFields] = useState<Readonly<Record<string, string>>>(() => typicalRow(form));
  // The network answers within a frame or two, so each change is asked at once; answers come in the order of questions.
  useEffect(() => send({ type: 'predictRow', fields }), [fields, send]);
  return (
    <div class="predict-row">
      <form class="fields" aria-label="Row to predict" onSubmit={(event) => event.preventDefault()}>
        {form.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={fields[field.name] ?? ''}
            isWrong={state.rowProblem?.path.endsWith(`column ${field.name}`) === true}
            onChange={(value) => setFields({ ...fields, [field.name]: value })}
          />
        ))}
        <button
          type="button"
          class="plain reset"
          onClick={() => setFields(typicalRow(form))}
          title="Back to the usual row of the training data"
        >
          Reset
        </button>
      </form>
      <Answer {...{ model, state }} />
    </div>
  );
}

const typicalRow = (form: readonly FormField[]) => Object.fromEntries(form.map(({ name, typical }) => [name, typical]));

interface FieldProps {
  readonly field: FormField;
  readonly value: string;
  readonly isWrong: boolean;
  onChange(value: string): void;
}

function Field({ field, value, isWrong, onChange }: FieldProps) {
  const id = `row-${field.name}`;
  return (
    <label htmlFor={id} class={field.kind === 'text' ? 'whole' : ''}>
      <span class="field-name" title={field.name}>
        {field.name}
      </span>
      {field.kind === 'category' ? (
        <select id={id} value={value} aria-invalid={isWrong} onChange={(event) => onChange(event.currentTarget.value)}>
          {field.categories.map((word) => (
            <option key={word} value={word}>
              {word}
            </option>
          ))}
        </select>
      ) : field.kind === 'text' ? (
        <textarea
          id={id}
          rows={3}
          spellcheck={false}
          value={value}
          aria-invalid={isWrong}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <input
          id={id}
          type="text"
          inputMode="decimal"
          spellcheck={false}
          value={value}
          aria-invalid={isWrong}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </label>
  );
}
