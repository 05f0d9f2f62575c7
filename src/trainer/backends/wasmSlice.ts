/** Lets the WebAssembly backend cut pieces out of a tensor without copying all of it to JavaScript for each piece. */
import { backend_util, type KernelConfig, slice_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel } from './replaceKernel.ts';

type KernelFunction = KernelConfig['kernelFunc'];
type Numbers = Float32Array | Int32Array | Uint8Array;

interface WasmBackend {
  makeOutput(shape: number[], dtype: TensorInfo['dtype']): TensorInfo;
  /** A view of the memory; void once the memory has grown. */
  typedArrayFromHeap(info: TensorInfo): Numbers;
}

/** A recurrent network cuts its inputs into time steps, which took the square of their number. */
export function quickenWasmSlice(): void {
  replaceKernel('SplitV', 'wasm', (original) => (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { numOrSizeSplits, axis } = call.attrs as unknown as { numOrSizeSplits: number | number[]; axis: number };
    if (x.dtype === 'string') {
      return original(call);
    }
    const along = axis < 0 ? axis + x.shape.length : axis;
    let from = 0;
    return backend_util.prepareSplitSize(toShaped(x), numOrSizeSplits, along).map((length) => {
      const piece = copyPiece(call.backend as WasmBackend, x, { axis: along, from, length });
      from += length;
      return piece;
    });
  });
  replaceKernel('Slice', 'wasm', (original) => (call) => sliceOneAxis(call) ?? original(call));
}

interface Piece {
  readonly axis: number;
  readonly from: number;
  readonly length: number;
}

/** A slice that is whole along all axes but one; null for any other. */
function sliceOneAxis(call: Parameters<KernelFunction>[0]): TensorInfo | null {
  const { x } = call.inputs as { x: TensorInfo };
  const { begin, size } = call.attrs as unknown as { begin: number | number[]; size: number | number[] };
  const [starts, sizes] = slice_util.parseSliceParams(toShaped(x), begin, size) as [number[], number[]];
  const cut = sizes.flatMap((length, axis) => (length === x.shape[axis] ? [] : [axis]));
  const [axis = 0] = cut;
  return cut.length > 1 || x.dtype === 'string' || x.shape.length === 0
    ? null
    : copyPiece(call.backend as WasmBackend, x, { axis, from: starts[axis] ?? 0, length: sizes[axis] ?? 0 });
}

// These two ask for a tensor and look at its shape only.
function toShaped(x: TensorInfo): Parameters<typeof backend_util.prepareSplitSize>[0] {
  return x as unknown as Parameters<typeof backend_util.prepareSplitSize>[0];
}

function copyPiece(backend: WasmBackend, x: TensorInfo, { axis, from, length }: Piece): TensorInfo {
  const size = x.shape[axis] ?? 1;
  const inner = x.shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  const outer = x.shape.slice(0, axis).reduce((product, each) => product * each, 1);
  const piece = backend.makeOutput(
    x.shape.map((each, i) => (i === axis ? length : each)),
    x.dtype,
  );
  // Only now, as making room may have moved the memory.
  const source = backend.typedArrayFromHeap(x);
  const target = backend.typedArrayFromHeap(piece);
  const run = length * inner;
  for (let i = 0; i < outer; i += 1) {
    const begin = (i * size + from) * inner;
    target.set(source.subarray(begin, begin + run), i * run);
  }
  return piece;
}
