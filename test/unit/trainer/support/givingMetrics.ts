/** A TensorFlow that computes compiled steps wrong, for tests. */
import type { Binding } from '../../../../src/trainer/tensorflow/binding.ts';
import type { TensorFlow } from '../../../../src/trainer/tensorflow/kernelBackend.ts';

/** Its compiled steps give this value for every metric. */
export function givingMetrics({ binding, ...others }: TensorFlow, value: number): TensorFlow {
  const tables = new Set<number>();
  const changed: Partial<Binding> = {
    executeOp(name, ...rest) {
      const made = binding.executeOp(name, ...rest);
      const [table] = made;
      if (name.startsWith('skillet_') && table !== undefined) {
        tables.add(table.id);
      }
      return made;
    },
    tensorDataSync: (id) => (tables.has(id) ? binding.tensorDataSync(id).fill(value) : binding.tensorDataSync(id)),
  };
  return { ...others, binding: Object.assign(Object.create(binding) as Binding, changed) };
}
