/** All that a training step changes: the weights, moving averages included, and the slots of the update rule. */
import { clone, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { Network } from '../training/network.ts';

/** In a fixed order: variables of the model, then the optimizer's slots. They stay their owners'. */
export function stateOf(network: Network): Tensor[] {
  return [...variablesOf(network), ...network.optimizer.state()];
}

/** @param values In the order of `stateOf`; they belong to the network from here on. @param steps Updates done so far. */
export function putState(network: Network, values: readonly Tensor[], steps: number): void {
  const variables = variablesOf(network);
  variables.forEach((variable, i) => {
    const value = values[i] as Tensor;
    variable.assign(value);
    value.dispose();
  });
  network.optimizer.adopt(values.slice(variables.length), steps);
}

/** Runs something that changes the network, and leaves it as it was, its random streams included. */
export function withoutTrace<T>(network: Network, run: () => T): T {
  const values = stateOf(network).map((tensor) => clone(tensor));
  const steps = network.optimizer.steps();
  const streams = [...network.built.masks.values()].map(({ random }) => ({ random, saved: random.save() }));
  try {
    return run();
  } finally {
    putState(network, values, steps);
    for (const { random, saved } of streams) {
      random.restore(saved);
    }
  }
}

/** Weights of the model that gradients train, then those that training moves along. */
export function variablesOf(network: Network): Variable[] {
  return network.built.model.weights.map((weight) => (weight as unknown as { val: Variable }).val);
}

/** The moving averages of batch normalisation, and the like. */
export function fixedVariablesOf(network: Network): Variable[] {
  return variablesOf(network).slice(network.variables.length);
}
