/** The settings of data that are images: their size, and files in the IDX format. */
import { z } from 'zod';

const size = z.int().min(1).max(65_536);

export const imageSchema = z
  .strictObject({
    height: size.describe('Pixels from top to bottom.').meta({ unit: 'pixels', example: 28 }),
    width: size.describe('Pixels from side to side.').meta({ unit: 'pixels', example: 28 }),
    channels: z.int().min(1).max(16).default(1).describe('1 for grey, 3 for colour.'),
  })
  .describe(
    'The features of a row are the pixels of an image, row by row, the channels of a pixel side by side: inputs get the shape [height, width, channels].',
  );

const file = z.string().min(1);

export const idxSchema = z
  .strictObject({
    images: file.describe('Training images, relative to the recipe; gzipped or not.'),
    labels: file.describe('Their class numbers.'),
    testImages: file.optional().describe('Images to test on; without them `test` divides the training images.'),
    testLabels: file.optional().describe('Class numbers of the images to test on.'),
    classes: z
      .array(z.string().min(1))
      .min(2)
      .optional()
      .describe('Names of the classes 0, 1, 2, …; their numbers when absent.'),
  })
  .describe('Images and labels in the IDX format, as MNIST is published; the column to predict is called label.');
