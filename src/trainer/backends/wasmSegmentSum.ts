/** Gives the WebAssembly backend the one operation that it lacks for training embeddings: sums of rows by their code. */
import { getKernel, type KernelConfig, registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';

interface WasmBackend {
  makeOutput(shape: number[], dtype: TensorInfo['dtype']): TensorInfo;
  /** A view of the memory; void once the memory has grown. */
  typedArrayFromHeap(info: TensorInfo): Float32Array | Int32Array;
}

export function addWasmSegmentSum(): void {
  if (getKernel('UnsortedSegmentSum', 'wasm') === undefined) {
    registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: sumSegments });
  }
}

/** Rows whose segment is outside the segments are left out, as on TensorFlow.js's other backends. */
const sumSegments: KernelConfig['kernelFunc'] = (call) => {
  const { x, segmentIds } = call.inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const { numSegments } = call.attrs as unknown as { numSegments: number };
  const backend = call.backend as WasmBackend;
  const sums = backend.makeOutput([numSegments, ...x.shape.slice(segmentIds.shape.length)], x.dtype);
  // Only now, as making room may have moved the memory.
  const rows = backend.typedArrayFromHeap(x);
  const segments = backend.typedArrayFromHeap(segmentIds);
  const target = backend.typedArrayFromHeap(sums);
  const width = numSegments === 0 ? 0 : target.length / numSegments;
  target.fill(0);
  segments.forEach((segment, row) => {
    if (segment < 0 || segment >= numSegments) {
      return;
    }
    for (let i = 0; i < width; i += 1) {
      target[segment * width + i] = (target[segment * width + i] ?? 0) + (rows[row * width + i] ?? 0);
    }
  });
  return sums;
};
