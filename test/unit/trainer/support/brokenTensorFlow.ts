/** A TensorFlow whose compiled steps go wrong, for tests. */
import { type Binding, TensorFlowError } from '../../../../src/trainer/tensorflow/binding.ts';
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
  return { ...others, binding: changeBinding(binding, changed) };
}

/** It takes no graph, with this of its status codes. */
export function refusingGraphs({ binding, ...others }: TensorFlow, status: number): TensorFlow {
  const addFunction = () => {
    throw new TensorFlowError(status, 'no kernel');
  };
  return { ...others, binding: changeBinding(binding, { addFunction }) };
}

function changeBinding(binding: Binding, changed: Partial<Binding>): Binding {
  return Object.assign(Object.create(binding) as Binding, changed);
}
