/** How far a run is by its steps; those before a fork count as done. */
import type { RunStart } from './events.ts';

export interface StepCount {
  readonly done: number;
  readonly planned: number;
}

/** @param reached Steps of the run's series, those before a fork included or not. */
export function countSteps(start: Pick<RunStart, 'epochs' | 'stepsPerEpoch' | 'fork'>, reached: number): StepCount {
  const { epoch, step } = start.fork ?? { epoch: 0, step: 0 };
  return { done: Math.max(reached, step), planned: step + Math.max(0, start.epochs - epoch) * start.stepsPerEpoch };
}
