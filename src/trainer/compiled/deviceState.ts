/** The state of a network between replays: it stays inside TensorFlow until somebody wants to look at it. */
import type { Output } from '../tensorflow/binding.ts';
import type { TensorFlow } from '../tensorflow/kernelBackend.ts';
import type { Network } from '../training/network.ts';
import { putState, stateOf } from './networkState.ts';

export interface DeviceState {
  /** The binding's ids, in the order of `stateOf`. */
  ids(): readonly number[];
  /** Takes what a replay gave; what was before is given back. @param steps Updates that it did. */
  replace(outputs: readonly Output[], steps: number): void;
  /** Updates done in all. */
  steps(): number;
  /** The network has it from here on; the next `ids()` asks the network again. */
  settle(): void;
  dispose(): void;
}

export function createDeviceState(network: Network, { binding, idOf, toTensor }: TensorFlow): DeviceState {
  // Null: the network has the state. Else it is `ahead` updates behind it.
  let held: readonly Output[] | null = null;
  let ahead = 0;
  const steps = () => network.optimizer.steps() + ahead;
  const drop = () => {
    for (const { id } of held ?? []) {
      binding.deleteTensor(id);
    }
    held = null;
  };
  return {
    ids: () => held?.map(({ id }) => id) ?? stateOf(network).map(idOf),
    replace(outputs, count) {
      drop();
      held = outputs;
      ahead += count;
    },
    steps,
    settle() {
      if (held !== null) {
        putState(network, held.map(toTensor), steps());
        held = null;
        ahead = 0;
      }
    },
    dispose: drop,
  };
}
