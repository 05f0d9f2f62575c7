/** Measures listing many runs, cold and warm: `node test/bench/listRuns.ts [runs]`, on files that it makes and removes. */
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { listRuns } from '../../src/node/listRuns.ts';
import { runName, writeManyRuns } from '../fixtures/manyRuns.ts';

async function measure(what: string, work: () => Promise<{ readonly length: number }>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begin = performance.now();
  const { length } = await work();
  const ms = performance.now() - begin;
  delay.disable();
  const memory = process.memoryUsage().heapUsed / 1e6;
  console.log(
    `${what.padEnd(28)} ${length} runs  ${ms.toFixed(0).padStart(6)} ms  longest stretch ${(delay.max / 1e6).toFixed(0).padStart(3)} ms  heap ${memory.toFixed(0)} MB`,
  );
}

const count = Number(process.argv[2] ?? 10_000);
const folder = mkdtempSync(path.join(tmpdir(), 'skillet-bench-'));
try {
  writeManyRuns(folder, count);
  await measure('cold, nothing remembered', () => listRuns(folder));
  await measure('warm', () => listRuns(folder));
  await measure('warm, again', () => listRuns(folder));
  console.log(`the memory is ${(statSync(path.join(folder, '.index.jsonl')).size / 1e6).toFixed(1)} MB`);
  writeFileSync(path.join(folder, runName(7), 'annotations.json'), '{"version":1,"starred":true}');
  utimesSync(path.join(folder, runName(8), 'events.jsonl'), new Date(), new Date());
  await measure('warm, two runs changed', () => listRuns(folder));
  await measure('without memory', () => listRuns(folder, { cacheFrom: Number.POSITIVE_INFINITY }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
