/** Chooses how steps are done on the current backend. */

import { currentTensorFlow } from '../tensorflow/kernelBackend.ts';
import { NotRecordable } from '../tensorflow/recorder.ts';
import { createEagerStepper, type Stepper, type StepperOptions } from '../training/stepper.ts';
import { createCompiledStepper } from './compiledStepper.ts';

export interface CreateStepperOptions extends StepperOptions {
  /** Samples of a first batch. */
  readonly first: Int32Array;
  /** As the backend was started; see `Started`. */
  readonly replicas: readonly (string | null)[];
  readonly monotonicMs: () => number;
  /** How often a batch of another size than the first comes: once an epoch. */
  readonly otherBatches: number;
  /** Told when steps of one batch size are done one operation at a time although the others are compiled. */
  readonly onEager: (because: string) => void;
}

/** On TensorFlow steps are compiled wherever that is possible; the stepper says why when it is not. */
export async function createStepper(options: CreateStepperOptions): Promise<Stepper> {
  const tensorflow = currentTensorFlow();
  if (tensorflow === null) {
    return createEagerStepper(options, null);
  }
  if (options.samples.filling !== undefined) {
    return createEagerStepper(options, 'sequences that a column marks come in batches of several shapes');
  }
  try {
    return await createCompiledStepper({ ...options, tensorflow }, options.first);
  } catch (error) {
    if (error instanceof NotRecordable) {
      return createEagerStepper(options, error.message);
    }
    throw error;
  }
}
