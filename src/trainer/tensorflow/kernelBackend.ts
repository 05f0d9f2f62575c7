/** TensorFlow.js's own kernels for Node.js, set to work on our binding instead of their C++ one. */
import util from 'node:util';
import { backend, DataStorage, engine, registerBackend, type Tensor } from '@tensorflow/tfjs-core';
import type { Binding, Output } from './binding.ts';
import { quickenGather } from './plainGather.ts';
import { typeExpandDims } from './typedExpandDims.ts';

/** Its name among TensorFlow.js's backends, by which its kernels are registered. */
export const KERNELS = 'tensorflow';

type KernelModule = typeof import('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js');

/** The parts of `NodeJSKernelBackend` that are used here. */
interface KernelBackend {
  readonly binding: Binding;
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  createOutputTensor(output: Output): Tensor;
}

/** Loads the kernels and registers the backend; it is not the current one yet. */
export async function registerTensorFlow(binding: Binding): Promise<void> {
  // The kernels call two functions that Node.js 23 took away, and whose use Node.js 20 warns of.
  Object.assign(util, { isArray: Array.isArray, isNullOrUndefined: (value: unknown) => value == null });
  await import('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
  quickenGather(KERNELS);
  typeExpandDims(KERNELS);
  const kernelModule: unknown = await import('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js');
  // The default of a CommonJS module is all that Node.js and a bundle agree on.
  const { NodeJSKernelBackend } = (kernelModule as { readonly default: KernelModule }).default;
  const constants = {
    TF_FLOAT: 1,
    TF_INT32: 3,
    TF_UINT8: 4,
    TF_STRING: 7,
    TF_COMPLEX64: 8,
    TF_INT64: 9,
    TF_BOOL: 10,
    TF_RESOURCE: 20,
    TF_ATTR_STRING: 0,
    TF_ATTR_INT: 1,
    TF_ATTR_FLOAT: 2,
    TF_ATTR_BOOL: 3,
    TF_ATTR_TYPE: 4,
    TF_ATTR_SHAPE: 5,
    TF_ATTR_RESOURCE: 9,
  };
  registerBackend(
    KERNELS,
    () => {
      // Not through its constructor: that is ES5, which cannot extend the class that a bundle has of TensorFlow.js.
      const made = Object.create(NodeJSKernelBackend.prototype) as InstanceType<KernelModule['NodeJSKernelBackend']>;
      return Object.assign(made, {
        binding: Object.assign(Object.create(binding) as object, constants),
        isGPUPackage: true,
        isUsingGpuDevice: binding.isUsingGpuDevice(),
        tensorMap: new DataStorage(made, engine()),
      });
    },
    3,
  );
}

/** TensorFlow's side of TensorFlow.js's tensors. */
export interface TensorFlow {
  readonly binding: Binding;
  /** The binding's id of a tensor; it stays the tensor's. */
  idOf(tensor: Tensor): number;
  /** A tensor that owns what the binding made. */
  toTensor(output: Output): Tensor;
}

/** Null while another backend is the current one. */
export function currentTensorFlow(): TensorFlow | null {
  const current = backend() as unknown as Partial<KernelBackend>;
  if (current.binding === undefined || current.getInputTensorIds === undefined) {
    return null;
  }
  const kernels = current as KernelBackend;
  return {
    binding: kernels.binding,
    idOf: (tensor) => kernels.getInputTensorIds([tensor])[0] ?? -1,
    toTensor: (output) => kernels.createOutputTensor(output),
  };
}
