/** Lets the WebAssembly backend say that its memory is full; alone it goes on, and writes over what it keeps elsewhere. */
import { backend } from '@tensorflow/tfjs-core';

/** Emscripten's module, as far as it is used here. */
interface WasmModule {
  /** @returns A place in the memory, 0 where there is none. Only the lowest 32 bits of the size are looked at. */
  _malloc(bytes: number): number;
  _free(place: number): void;
}

/**
 * The end of the memory, less a part for what kernels allocate themselves, such as weights in another order: where they find
 * none, they print a line and go on without a result.
 */
const END = 2 ** 32 - 2 ** 28;

const guarded = new WeakSet<WasmModule>();

/** For the current backend; done once however often it is started. */
export function guardWasmMemory(): void {
  const { wasm } = backend() as unknown as { wasm: WasmModule };
  if (guarded.has(wasm)) {
    return;
  }
  guarded.add(wasm);
  wasm._free(wasm._malloc(1)); // The first call puts the function itself in the place of a stand-in.
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const place = bytes < END ? allocate(bytes) : 0;
    const isInReserve = (place >>> 0) + bytes > END; // A place beyond 2 GiB comes as a negative number.
    if (isInReserve) {
      wasm._free(place);
    }
    if (place === 0 || isInReserve) {
      throw new RangeError(`no memory for a tensor of ${bytes} bytes`);
    }
    return place;
  };
}
