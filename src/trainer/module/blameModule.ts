/** Tells a fault of TensorFlow.js in training a module's model as one of the module: the layers are not Skillet's. */
import { SkilletError } from '../../common/errors.ts';
import { isOutOfMemory } from '../backends/isOutOfMemory.ts';
import { messageOf, moduleFault } from './moduleFault.ts';
import type { ModelModule } from './openModule.ts';

/** @throws {SkilletError} `recipe-module`, or what `action` itself says. */
export async function blameModule<T>(module: ModelModule | null, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (module === null || error instanceof SkilletError || isOutOfMemory(error) || !(error instanceof Error)) {
      throw error;
    }
    throw moduleFault(
      `gives a model that cannot be trained: ${messageOf(error)}.`,
      'Leave out the layer that TensorFlow.js cannot differentiate, or write it with operations that it can.',
    );
  }
}
