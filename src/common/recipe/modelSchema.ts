/** `model`: a list of layers, or a module of one's own for what a list cannot say. */
import { z } from 'zod';
import { layerSchema } from './layers.ts';

const moduleSchema = z.strictObject({
  module: z
    .string()
    .min(1)
    .describe(
      'JavaScript module (.mjs), relative to the recipe, that exports `build(tf, params, { inputShape, outputs })` and gives a model; docs/modules.md says more. It is run: train only what you trust.',
    ),
});

export const modelSchema = z.union([z.array(layerSchema).min(1), moduleSchema]);

/** Where problems of a module are shown. */
export const MODULE_FIELD = 'model.module';
