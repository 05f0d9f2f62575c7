/** Writes expressions as Python with Keras 3. */
import type { Expression, Family } from './expression.ts';
import { argumentName, pythonClass } from './kerasWords.ts';

const MODULES: Readonly<Record<Family, string>> = {
  layer: 'layers.',
  initializer: 'keras.initializers.',
  regularizer: 'keras.regularizers.',
  optimizer: 'keras.optimizers.',
  schedule: 'keras.optimizers.schedules.',
  metric: 'keras.metrics.',
  callback: 'keras.callbacks.',
};

export function pythonText(expression: Expression): string {
  switch (expression.kind) {
    case 'integer':
      return String(expression.value);
    case 'number':
      // Keras insists on a float where it means one.
      return Number.isInteger(expression.value) ? expression.value.toFixed(1) : String(expression.value);
    case 'text':
      return pythonString(expression.value);
    case 'truth':
      return expression.value ? 'True' : 'False';
    case 'list':
      return `[${expression.items.map(pythonText).join(', ')}]`;
    case 'name':
      return expression.name;
    case 'call': {
      const settings = expression.settings.map(([name, value]) => `${argumentName(name)}=${pythonText(value)}`);
      return `${MODULES[expression.family]}${pythonClass(expression.word)}(${settings.join(', ')})`;
    }
  }
}

/** JSON's escapes are Python's too. */
export function pythonString(value: string): string {
  return JSON.stringify(value);
}

export function pythonStrings(values: readonly string[]): string {
  return `[${values.map(pythonString).join(', ')}]`;
}
