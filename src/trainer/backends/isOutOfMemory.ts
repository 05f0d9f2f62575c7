/** Tells whether a thrown error means that a device has no memory left: every backend says it in its own words. */
import { OUT_OF_MEMORY, TensorFlowError } from '../tensorflow/binding.ts';

const TEXTS: readonly RegExp[] = [
  // TensorFlow's allocators; inside a compiled step too, where the status may be another.
  /OOM when allocating tensor/,
  // TensorFlow, as an internal error: a tensor that is sent to the graphics card finds no room there.
  /Dst tensor is not initialized/,
  // NVIDIA's driver and its libraries of kernels, as internal errors of TensorFlow.
  /CUDA_ERROR_OUT_OF_MEMORY/,
  /(CUDNN|CUBLAS)_STATUS_ALLOC_FAILED/,
  // Our guard of WebAssembly's memory.
  /no memory for a tensor of \d+ bytes/,
  // Emscripten's abort() without a reason: C++'s operator new has failed inside a kernel of the WebAssembly backend.
  /^Aborted\(\)/,
  // V8, where WebAssembly's memory can neither be made nor grow.
  /WebAssembly\.Memory\b/,
  // V8, where there is no room for a typed array, or it is longer than any can be.
  /Array buffer allocation failed/,
  /Invalid (typed array|array buffer) length: \d/,
  // Dawn, where a result is to be read, and for a tensor larger than the card takes in one piece.
  /Failed to allocate memory for buffer mapping/,
  /exceeds the max buffer size limit/,
];

/** WebGPU's own error, of which the name says all. */
const GPU_ERROR = 'GPUOutOfMemoryError';

export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof TensorFlowError && error.status === OUT_OF_MEMORY) {
    return true;
  }
  const thrown = Object(error) as Partial<Error>;
  const names = [thrown.name, thrown.constructor?.name];
  return names.includes(GPU_ERROR) || TEXTS.some((text) => text.test(String(thrown.message ?? '')));
}
