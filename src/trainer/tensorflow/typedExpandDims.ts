/** Adds an axis as a graph wants it said: TensorFlow.js's own kernel leaves out the type, which only a single call can guess. */
import { scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { replaceKernel } from '../backends/replaceKernel.ts';
import { ATTRIBUTE, type Attribute } from './binding.ts';
import { DTYPE } from './tensorBytes.ts';

interface KernelBackend {
  executeSingleOutput(op: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
}

/** A recorded step would be refused without it. */
export function typeExpandDims(kernels: string): void {
  replaceKernel('ExpandDims', kernels, (original) => (args) => {
    const { input } = args.inputs as unknown as { input: Tensor };
    const type = { float32: DTYPE.float, int32: DTYPE.int32, bool: DTYPE.bool }[input.dtype as string];
    if (type === undefined) {
      return original(args);
    }
    const { dim } = args.attrs as unknown as { dim: number };
    const attributes: Attribute[] = [
      { name: 'T', type: ATTRIBUTE.type, value: type },
      { name: 'Tdim', type: ATTRIBUTE.type, value: DTYPE.int32 },
    ];
    return tidy(() =>
      (args.backend as unknown as KernelBackend).executeSingleOutput('ExpandDims', attributes, [
        input,
        scalar(dim, 'int32'),
      ]),
    );
  });
}
