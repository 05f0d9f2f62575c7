/** Sums of rows by their code, which embeddings learn by: WebAssembly has no such operation, and plain JavaScript's looks at all rows for each code. */
import { getKernel, type KernelConfig, registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel } from './replaceKernel.ts';

type Numbers = Float32Array | Int32Array;

interface WasmBackend {
  makeOutput(shape: number[], dtype: TensorInfo['dtype']): TensorInfo;
  /** A view of the memory; void once the memory has grown. */
  typedArrayFromHeap(info: TensorInfo): Numbers;
}

interface JsBackend {
  readonly data: { get(dataId: object): { readonly values: Numbers } };
  makeTensorInfo(shape: number[], dtype: TensorInfo['dtype'], values: Numbers): TensorInfo;
}

export function addWasmSegmentSum(): void {
  if (getKernel('UnsortedSegmentSum', 'wasm') === undefined) {
    registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: sumOnWasm });
  }
}

export function quickenJsSegmentSum(): void {
  replaceKernel('UnsortedSegmentSum', 'cpu', () => sumOnJs);
}

const sumOnWasm: KernelConfig['kernelFunc'] = (call) => {
  const { x, segmentIds, shape } = readCall(call);
  const backend = call.backend as WasmBackend;
  const sums = backend.makeOutput(shape, x.dtype);
  // Only now, as making room may have moved the memory.
  const target = backend.typedArrayFromHeap(sums);
  target.fill(0);
  addRows(target, backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(segmentIds), shape[0] ?? 0);
  return sums;
};

const sumOnJs: KernelConfig['kernelFunc'] = (call) => {
  const { x, segmentIds, shape } = readCall(call);
  const backend = call.backend as JsBackend;
  const size = shape.reduce((product, length) => product * length, 1);
  const target = x.dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
  const valuesOf = ({ dataId }: TensorInfo) => backend.data.get(dataId).values;
  addRows(target, valuesOf(x), valuesOf(segmentIds), shape[0] ?? 0);
  return backend.makeTensorInfo(shape, x.dtype, target);
};

function readCall({ inputs, attrs }: Parameters<KernelConfig['kernelFunc']>[0]) {
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const { numSegments } = attrs as unknown as { numSegments: number };
  return { x, segmentIds, shape: [numSegments, ...x.shape.slice(segmentIds.shape.length)] };
}

/** Rows whose segment is none of the target's are left out, as on TensorFlow.js's other backends. */
function addRows(target: Numbers, rows: Numbers, segments: Numbers, count: number): void {
  const width = count === 0 ? 0 : target.length / count;
  segments.forEach((segment, row) => {
    if (segment < 0 || segment >= count) {
      return;
    }
    for (let i = 0; i < width; i += 1) {
      target[segment * width + i] = (target[segment * width + i] ?? 0) + (rows[row * width + i] ?? 0);
    }
  });
}
