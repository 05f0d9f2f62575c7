/** What a program in Keras consists of, before it is written down in Python or in R. */

export type Family = 'layer' | 'initializer' | 'regularizer' | 'optimizer' | 'schedule' | 'metric' | 'callback';

export type Expression =
  | { readonly kind: 'integer' | 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  /** The name of something said before. */
  | { readonly kind: 'name'; readonly name: string }
  | Call;

export interface Call {
  readonly kind: 'call';
  readonly family: Family;
  /** The recipe's word, for example `maxPooling1d`. */
  readonly word: string;
  readonly settings: readonly (readonly [name: string, value: Expression])[];
}

export const integer = (value: number): Expression => ({ kind: 'integer', value });
export const text = (value: string): Expression => ({ kind: 'text', value });
export const truth = (value: boolean): Expression => ({ kind: 'truth', value });
export const list = (items: readonly Expression[]): Expression => ({ kind: 'list', items });

export function call(family: Family, word: string, settings: Readonly<Record<string, Expression>>): Call {
  return { kind: 'call', family, word, settings: Object.entries(settings) };
}

const WHOLE = new Set([
  'units',
  'filters',
  'kernelSize',
  'strides',
  'poolSize',
  'inputDim',
  'outputDim',
  'targetShape',
  'decaySteps',
  'firstDecaySteps',
  'warmupSteps',
  'boundaries',
  'patience',
]);

/** A setting's plain value; R must be told which numbers are whole. */
export function toExpression(name: string, value: unknown): Expression {
  if (Array.isArray(value)) {
    return list(value.map((item) => toExpression(name, item)));
  }
  if (typeof value === 'number') {
    return { kind: WHOLE.has(name) ? 'integer' : 'number', value };
  }
  return typeof value === 'boolean' ? truth(value) : text(String(value));
}
