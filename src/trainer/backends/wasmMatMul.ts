/** Lets the WebAssembly backend multiply transposed matrices fast: gradients are made of such products. */
import { getKernel, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel } from './replaceKernel.ts';

type KernelFunction = KernelConfig['kernelFunc'];

interface Attributes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

type Disposer = { disposeData(dataId: TensorInfo['dataId']): boolean };

/**
 * Its own kernels hand only plain products to XNNPACK and walk transposed ones element by element, ten to thirty times slower;
 * here such a factor is transposed first.
 */
export function quickenWasmMatMul(): void {
  replaceKernel('BatchMatMul', 'wasm', withPlainFactors);
  replaceKernel('_FusedMatMul', 'wasm', withPlainFactors);
}

function withPlainFactors(original: KernelFunction): KernelFunction {
  return (call) => {
    const { transposeA, transposeB } = call.attrs as Attributes;
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const turn = (x: TensorInfo) => transposeLast(x, call.backend);
    const turned = [transposeA ? turn(a) : null, transposeB ? turn(b) : null] as const;
    const result = original({
      ...call,
      inputs: { ...call.inputs, a: turned[0] ?? a, b: turned[1] ?? b },
      attrs: { ...call.attrs, transposeA: false, transposeB: false },
    });
    for (const info of turned) {
      if (info !== null) {
        (call.backend as Disposer).disposeData(info.dataId);
      }
    }
    return result;
  };
}

function transposeLast(x: TensorInfo, backend: unknown): TensorInfo {
  const kernel = getKernel('Transpose', 'wasm');
  const perm = x.shape.map((_, axis) => axis);
  perm.splice(-2, 2, perm.length - 1, perm.length - 2);
  return kernel?.kernelFunc({ inputs: { x }, backend: backend as object, attrs: { perm } }) as TensorInfo;
}
