/** Fields with their label, what they mean, and what is wrong with them, by the path that they have in a profile. */
import type { ComponentChildren } from 'preact';
import { isFault } from '../../common/cloud/profileProblem.ts';
import type { Problem } from '../../common/errors.ts';
import type { Form } from './form.ts';
import { problemsAt } from './launchModel.ts';
import { Linked } from './linked.tsx';
import { problemWords } from './pathWords.ts';

/** What is told at a field: faults once it was left or a review was asked for, warnings at once. */
export function toldAt({ model, state }: Form, path: string): readonly Problem[] {
  return problemsAt(model.problems, path).filter(
    (problem) => !isFault(problem) || state.isReviewed || state.touched.has(path),
  );
}

export interface FieldProps {
  readonly form: Form;
  readonly path: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Field({ form, path, label, hint, children }: FieldProps) {
  return (
    <div class="field">
      <label for={path}>{label}</label>
      <div class="control">{children}</div>
      {hint === undefined ? null : <p class="hint">{hint}</p>}
      <Problems form={form} path={path} />
    </div>
  );
}

export function Problems({ form, path }: { readonly form: Form; readonly path: string }) {
  const problems = toldAt(form, path);
  return (
    <div id={`${path}!`} class="problems">
      {problems.map((problem) => (
        <p key={problem.message} class={isFault(problem) ? 'fault' : 'warning'}>
          <span class={`codicon codicon-${isFault(problem) ? 'error' : 'warning'}`} aria-hidden="true" />{' '}
          <Linked text={problemWords(problem)} />
        </p>
      ))}
    </div>
  );
}

/** What makes a control the field of a path. */
export function fieldOf(form: Form, path: string) {
  return {
    id: path,
    'aria-describedby': `${path}!`,
    'aria-invalid': toldAt(form, path).some(isFault),
    onBlur: () => form.touch(path),
  };
}

export interface TextProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly placeholder?: string;
  readonly unit?: string;
  readonly isShort?: boolean;
  readonly after?: ComponentChildren;
  onInput(value: string): void;
}

export function TextField({ value, placeholder, unit, isShort, after, onInput, ...field }: TextProps) {
  const { form, path } = field;
  return (
    <Field {...field}>
      <input
        {...fieldOf(form, path)}
        class={isShort === true ? 'short' : ''}
        type="text"
        spellcheck={false}
        value={value}
        placeholder={placeholder}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {unit === undefined ? null : <span class="muted">{unit}</span>}
      {after}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

export interface SelectProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly options: readonly Option[];
  onChange(value: string): void;
}

export function SelectField({ value, options, onChange, ...field }: SelectProps) {
  return (
    <Field {...field}>
      <Select form={field.form} path={field.path} value={value} options={options} onChange={onChange} />
    </Field>
  );
}

type BareSelect = Pick<SelectProps, 'form' | 'path' | 'value' | 'options' | 'onChange'> & { readonly label?: string };

export function Select({ form, path, value, options, onChange, label }: BareSelect) {
  // A value that the list lacks (of an opened profile) is shown all the same.
  const all = options.some((one) => one.value === value) ? options : [...options, { value, text: value }];
  return (
    <select
      {...fieldOf(form, path)}
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      {all.map((one) => (
        <option key={one.value} value={one.value} selected={one.value === value}>
          {one.text}
        </option>
      ))}
    </select>
  );
}

export interface CheckProps {
  readonly form: Form;
  readonly path: string;
  readonly label: ComponentChildren;
  readonly isChecked: boolean;
  onChange(isChecked: boolean): void;
}

export function Check({ form, path, label, isChecked, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        {...fieldOf(form, path)}
        type="checkbox"
        checked={isChecked}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

export interface RadioProps<T extends string> {
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string; readonly note?: string }[];
  onChange(value: T): void;
}

export function Radios<T extends string>({ name, label, value, options, onChange }: RadioProps<T>) {
  return (
    <div class="radios" role="radiogroup" aria-label={label}>
      {options.map((one) => (
        <label key={one.value} class="check">
          <input
            type="radio"
            name={name}
            value={one.value}
            checked={one.value === value}
            onChange={() => onChange(one.value)}
          />
          <span>
            {one.text}
            {one.note === undefined || one.note === '' ? null : <span class="muted">: {one.note}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}
