/** Puts a better kernel in the place of one of a TensorFlow.js backend. */
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

const replaced = new WeakSet<KernelConfig>();

/** @param improve Makes the new kernel function from the old one; called once however often the backend is started. */
export function replaceKernel(
  kernelName: string,
  backendName: string,
  improve: (original: KernelConfig['kernelFunc']) => KernelConfig['kernelFunc'],
): void {
  const original = getKernel(kernelName, backendName);
  if (original === undefined || replaced.has(original)) {
    return;
  }
  const kernel: KernelConfig = { ...original, kernelFunc: improve(original.kernelFunc) };
  replaced.add(kernel);
  unregisterKernel(kernelName, backendName);
  registerKernel(kernel);
}
