/** The `tf` that a module is given: this trainer's own TensorFlow.js, tensors and layers in one object. */
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

/** Nothing of it may be put in another's place: the trainer works with the same objects. */
export const moduleTf: Readonly<Record<string, unknown>> = Object.freeze({ ...core, ...layers });
