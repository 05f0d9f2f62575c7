/** Writes expressions as R with the package keras3. */
import type { Expression, Family } from './expression.ts';
import { argumentName, rWord } from './kerasWords.ts';

const PREFIXES: Readonly<Record<Family, string>> = {
  layer: 'layer_',
  initializer: 'initializer_',
  regularizer: 'regularizer_',
  optimizer: 'optimizer_',
  schedule: 'learning_rate_schedule_',
  metric: 'metric_',
  callback: 'callback_',
};

export function rText(expression: Expression): string {
  switch (expression.kind) {
    case 'integer':
      return `${expression.value}L`;
    case 'number':
      return String(expression.value);
    case 'text':
      return rString(expression.value);
    case 'truth':
      return expression.value ? 'TRUE' : 'FALSE';
    case 'list':
      return `c(${expression.items.map(rText).join(', ')})`;
    case 'name':
      return expression.name;
    case 'call': {
      const settings = expression.settings.map(([name, value]) => `${argumentName(name)} = ${rText(value)}`);
      return `${PREFIXES[expression.family]}${rWord(expression.word)}(${settings.join(', ')})`;
    }
  }
}

/** JSON's escapes are R's too, but for `\/`, which JSON does not write. */
export function rString(value: string): string {
  return JSON.stringify(value);
}

export function rStrings(values: readonly string[]): string {
  return `c(${values.map(rString).join(', ')})`;
}
