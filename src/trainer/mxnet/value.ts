/** What flows between the nodes of an imported network: a TensorFlow.js tensor to be, and how MXNet's dimensions lie in it. */
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Shape } from '../../common/graph.ts';

export interface Value {
  /** The batch comes first. */
  readonly tensor: SymbolicTensor;
  /**
   * `plain`: MXNet's dimensions as they are. `channelsLast`: [batch, channels, height, width] to MXNet, channels last here.
   * `timeFirst`: [steps, batch, features] to MXNet. `merged`: [batch · steps, features] to MXNet. Both are [batch, steps, features] here.
   */
  readonly layout: 'plain' | 'channelsLast' | 'timeFirst' | 'merged';
  /** Of one sample, in MXNet's order; null where it is free. */
  readonly shape: Shape;
}

/** In MXNet's own order, whatever the layout was. */
export function toPlain(value: Value, name: string): Value {
  return value.layout === 'channelsLast'
    ? { ...value, layout: 'plain', tensor: permute(value.tensor, [3, 1, 2], `${name}_channels_first`) }
    : value;
}

/** With the channels last, as TensorFlow.js computes images. */
export function toChannelsLast(value: Value, name: string): Value {
  return value.layout === 'plain'
    ? { ...value, layout: 'channelsLast', tensor: permute(value.tensor, [2, 3, 1], `${name}_channels_last`) }
    : value;
}

export function permute(tensor: SymbolicTensor, dims: number[], name: string): SymbolicTensor {
  return layers.permute({ name, dims }).apply(tensor) as SymbolicTensor;
}

export function sizeOf(shape: Shape): number | null {
  return shape.reduce<number | null>((product, size) => (product === null || size === null ? null : product * size), 1);
}
