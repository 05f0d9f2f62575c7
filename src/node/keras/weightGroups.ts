/** Where Keras 3 keeps the weights of each layer in `model.weights.h5`: groups counted by class. */
import type { LayerSpec } from './modelSpec.ts';

/** `Conv1D` → `conv1d`, `SimpleRNN` → `simple_rnn`, as Keras names its groups. */
export function groupWord(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Layer name → group below `layers`, for example `dense_1` for the second dense layer. */
export function weightGroups(layers: readonly LayerSpec[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  return new Map(
    layers.map(({ name, className }) => {
      const word = groupWord(className);
      const count = counts.get(word) ?? 0;
      counts.set(word, count + 1);
      return [name, count === 0 ? word : `${word}_${count}`];
    }),
  );
}

/** Recurrent layers keep their weights in a cell of their own. */
export function varsPath({ className }: LayerSpec): string {
  return className === 'LSTM' || className === 'GRU' || className === 'SimpleRNN' ? 'cell/vars' : 'vars';
}
