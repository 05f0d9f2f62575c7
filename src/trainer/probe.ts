/** Proves one backend in a process that may die of it: `probe <backend> [--tensorflow <folder>]` prints one JSON line. */
import { parseArgs } from 'node:util';
import { matMul, randomUniform } from '@tensorflow/tfjs-core';
import type { ProbeResult } from '../common/machine/probeResult.ts';
import { createBackends } from './backends/backends.ts';

const SIZE = 256;
const RUNS = 5;

async function probe(name: string, folder: string | null): Promise<ProbeResult> {
  // Nothing is proved beforehand: this is the process that proves.
  const backends = createBackends({ tensorflowFolder: folder, prove: async () => undefined });
  const backend = backends.find((candidate) => candidate.name === name);
  if (backend === undefined) {
    const names = backends.map((candidate) => candidate.name).join(', ');
    return { ok: false, backend: name, message: `"${name}" is no backend; there are ${names}` };
  }
  try {
    const { device, version } = await backend.start({
      stepCost: Number.POSITIVE_INFINITY,
      batchSize: SIZE,
      replicas: null,
      canShare: false,
    });
    const startMs = performance.now();
    const opMs = await timeProduct();
    return { ok: true, backend: name, device, version, startMs, opMs };
  } catch (error) {
    return { ok: false, backend: name, message: error instanceof Error ? error.message : String(error) };
  }
}

/** The fastest of a few products of two square matrices, read back each time: the first ones warm up. */
async function timeProduct(): Promise<number> {
  const matrix = randomUniform([SIZE, SIZE], 0, 1, 'float32', 1);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const from = performance.now();
    const product = matMul(matrix, matrix);
    const values = await product.data();
    times.push(performance.now() - from);
    product.dispose();
    if (!values.every((value) => value > 0 && value < SIZE)) {
      throw new Error('it multiplies wrong');
    }
  }
  matrix.dispose();
  return Math.min(...times);
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { tensorflow: { type: 'string' } } });
const result = await probe(positionals[0] ?? '', values.tensorflow ?? null);
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = result.ok ? 0 : 1;
