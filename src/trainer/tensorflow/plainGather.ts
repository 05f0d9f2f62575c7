/** Picks rows of a table without reading which: TensorFlow.js's own kernel fetches all indices to check them. */
import { scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { replaceKernel } from '../backends/replaceKernel.ts';
import { ATTRIBUTE, type Attribute } from './binding.ts';
import { DTYPE } from './tensorBytes.ts';

interface KernelBackend {
  executeSingleOutput(op: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
}

/**
 * A step that looks at values cannot be recorded, and a graphics card would wait at each of them.
 * The processor's kernel checks the indices itself; the data's codes are checked before training begins.
 */
export function quickenGather(kernels: string): void {
  replaceKernel('GatherV2', kernels, () => ({ inputs, attrs, backend }) => {
    const { x, indices } = inputs as unknown as { x: Tensor; indices: Tensor };
    const { axis, batchDims } = attrs as unknown as { axis: number; batchDims: number };
    const attributes: Attribute[] = [
      { name: 'batch_dims', type: ATTRIBUTE.int, value: batchDims },
      {
        name: 'Tparams',
        type: ATTRIBUTE.type,
        value: { int32: DTYPE.int32, bool: DTYPE.bool }[x.dtype as string] ?? DTYPE.float,
      },
      { name: 'Tindices', type: ATTRIBUTE.type, value: DTYPE.int32 },
      { name: 'Taxis', type: ATTRIBUTE.type, value: DTYPE.int32 },
    ];
    return tidy(() =>
      (backend as unknown as KernelBackend).executeSingleOutput('GatherV2', attributes, [
        x,
        indices,
        scalar(axis, 'int32'),
      ]),
    );
  });
}
