/** The backend that predicts: WebAssembly, which is everywhere and quick to start; plain JavaScript where it cannot run. */
import { jsBackend } from '../backends/js.ts';
import { wasmBackend } from '../backends/wasm.ts';

/** Predicting goes forward only, which both can do with every layer. */
export async function startPredictionBackend(): Promise<void> {
  const work = { stepCost: 0, batchSize: 1, replicas: null, canShare: false };
  await wasmBackend.start(work).catch(() => jsBackend.start(work));
}
