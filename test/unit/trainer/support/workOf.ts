/** What a backend is told of a model, for tests that care about its cost alone. */
import type { Workload } from '../../../../src/trainer/backends/backend.ts';

export function workOf(stepCost: number): Workload {
  return { stepCost, batchSize: 32, replicas: null, canShare: true };
}
