/** Lets the WebAssembly backend train convolutions: it lacks the gradient of their filters, and is slow at that of their inputs. */
import { backend_util, getKernel, type KernelConfig, registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel } from './replaceKernel.ts';

type KernelFunction = KernelConfig['kernelFunc'];

interface WasmBackend {
  makeOutput(shape: number[], dtype: TensorInfo['dtype']): TensorInfo;
  /** A view of the memory; void once the memory has grown. */
  typedArrayFromHeap(info: TensorInfo): Float32Array;
  disposeData(dataId: TensorInfo['dataId']): boolean;
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

type Convolution = ReturnType<typeof backend_util.computeConv2DInfo>;

/** At most so many numbers are laid out at a time, 16 MB; a large batch goes in parts. */
const MOST_NUMBERS = 2 ** 22;

export function quickenWasmConvolution(): void {
  if (getKernel('Conv2DBackpropFilter', 'wasm') === undefined) {
    registerKernel({ kernelName: 'Conv2DBackpropFilter', backendName: 'wasm', kernelFunc: filterGradient });
  }
  replaceKernel('Conv2DBackpropInput', 'wasm', (original) => (call) => inputGradient(call) ?? original(call));
}

/**
 * As one product of matrices, which XNNPACK does fast: what each weight has seen [weights, places] times the gradients of the
 * outputs [places, filters].
 */
const filterGradient: KernelFunction = (call) => {
  const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo };
  const { strides, pad, dimRoundingMode, filterShape } = call.attrs as unknown as Attributes & { filterShape: Shape4D };
  const backend = call.backend as WasmBackend;
  const shape = x.shape as Shape4D;
  const info = backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad, dimRoundingMode);
  const gradient = backend.makeOutput([...filterShape], 'float32');
  backend.typedArrayFromHeap(gradient).fill(0);
  const weights = info.filterHeight * info.filterWidth * info.inChannels;
  const perImage = weights * info.outHeight * info.outWidth;
  const atOnce = Math.max(1, Math.floor(MOST_NUMBERS / perImage));
  for (let from = 0; from < info.batchSize; from += atOnce) {
    const images = Math.min(atOnce, info.batchSize - from);
    addPart(backend, { x, dy, gradient }, { info, from, images });
  }
  return gradient;
};

interface Part {
  readonly info: Convolution;
  /** The first image, and how many. */
  readonly from: number;
  readonly images: number;
}

function addPart(
  backend: WasmBackend,
  { x, dy, gradient }: { x: TensorInfo; dy: TensorInfo; gradient: TensorInfo },
  part: Part,
): void {
  const { filterHeight, filterWidth, inChannels, outHeight, outWidth, outChannels } = part.info;
  const weights = filterHeight * filterWidth * inChannels;
  const places = part.images * outHeight * outWidth;
  const seen = backend.makeOutput([1, weights, places], 'float32');
  const outer = backend.makeOutput([1, places, outChannels], 'float32');
  // Only now, as making room may have moved the memory.
  const begin = part.from * outHeight * outWidth * outChannels;
  backend.typedArrayFromHeap(outer).set(backend.typedArrayFromHeap(dy).subarray(begin, begin + places * outChannels));
  layOut(backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(seen), part);
  const product = getKernel('BatchMatMul', 'wasm')?.kernelFunc({
    inputs: { a: seen, b: outer },
    backend,
    attrs: { transposeA: false, transposeB: false },
  }) as TensorInfo;
  const sum = backend.typedArrayFromHeap(gradient);
  backend.typedArrayFromHeap(product).forEach((value, i) => {
    sum[i] = (sum[i] ?? 0) + value;
  });
  for (const { dataId } of [seen, outer, product]) {
    backend.disposeData(dataId);
  }
}

/** For each weight the input that it met at each place of the output, 0 beyond the edge: [weights, places]. */
function layOut(source: Float32Array, target: Float32Array, { info, from, images }: Part): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const weights = info.filterHeight * filterWidth * inChannels;
  const step = strideWidth * inChannels;
  target.fill(0);
  let at = 0;
  for (let weight = 0; weight < weights; weight += 1) {
    const channel = weight % inChannels;
    const column = (Math.floor(weight / inChannels) % filterWidth) - padInfo.left;
    const row = Math.floor(weight / inChannels / filterWidth) - padInfo.top;
    // Places of a row whose input lies within the image.
    const first = Math.max(0, Math.ceil(-column / strideWidth));
    const last = Math.min(outWidth - 1, Math.floor((inWidth - 1 - column) / strideWidth));
    for (let image = from; image < from + images; image += 1) {
      for (let outRow = 0; outRow < outHeight; outRow += 1) {
        const inRow = outRow * strideHeight + row;
        if (inRow >= 0 && inRow < inHeight) {
          let read = ((image * inHeight + inRow) * inWidth + column + first * strideWidth) * inChannels + channel;
          for (let place = first; place <= last; place += 1) {
            target[at + place] = source[read] ?? 0;
            read += step;
          }
        }
        at += outWidth;
      }
    }
  }
}

/**
 * With strides of 1 it is itself a convolution: of the outputs' gradients, with the filter turned round, which XNNPACK does seven
 * times as fast. Null for other strides.
 */
function inputGradient(call: Parameters<KernelFunction>[0]): TensorInfo | null {
  const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo };
  const { strides, pad, dimRoundingMode, inputShape } = call.attrs as unknown as Attributes & { inputShape: Shape4D };
  const backend = call.backend as WasmBackend;
  const info = backend_util.computeConv2DInfo(inputShape, filter.shape as Shape4D, strides, 1, pad, dimRoundingMode);
  const { filterHeight, filterWidth, padInfo } = info;
  const vertical = [filterHeight - 1 - padInfo.top, filterHeight - 1 - padInfo.bottom];
  const horizontal = [filterWidth - 1 - padInfo.left, filterWidth - 1 - padInfo.right];
  if (info.strideHeight !== 1 || info.strideWidth !== 1 || [...vertical, ...horizontal].some((size) => size < 0)) {
    return null;
  }
  const turned = turnFilter(backend, filter, info);
  const gradient = getKernel('Conv2D', 'wasm')?.kernelFunc({
    inputs: { x: dy, filter: turned },
    backend,
    attrs: {
      strides: 1,
      dilations: [1, 1],
      pad: [[0, 0], vertical, horizontal, [0, 0]],
      dataFormat: 'NHWC',
    },
  }) as TensorInfo;
  backend.disposeData(turned.dataId);
  return gradient;
}

/** [height, width, in, out] → [height, width, out, in], upside down and mirrored. */
function turnFilter(backend: WasmBackend, filter: TensorInfo, info: Convolution): TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const turned = backend.makeOutput([filterHeight, filterWidth, outChannels, inChannels], 'float32');
  const source = backend.typedArrayFromHeap(filter);
  const target = backend.typedArrayFromHeap(turned);
  const places = filterHeight * filterWidth;
  for (let place = 0; place < places; place += 1) {
    const begin = (places - 1 - place) * inChannels * outChannels;
    for (let from = 0; from < inChannels; from += 1) {
      for (let to = 0; to < outChannels; to += 1) {
        target[(place * outChannels + to) * inChannels + from] = source[begin + from * outChannels + to] ?? 0;
      }
    }
  }
  return turned;
}
