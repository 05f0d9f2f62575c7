/** A constant that inputs are divided by; 1 where nothing is scaled. */
import { SkilletError } from '../errors.ts';
import type { DataSettings } from '../recipe/schema.ts';

/** @throws {SkilletError} `export-unsupported`: the scale is fitted on the data. */
export function divisorOf(scale: DataSettings['scale']): number {
  if (typeof scale !== 'string') {
    return scale.divide;
  }
  if (scale !== 'none') {
    throw new SkilletError('export-unsupported', 'data.scale', {
      message: `${scale} over the pixels of a named data set has no place in the program.`,
      remedy: 'Use scale: { divide: 255 }.',
    });
  }
  return 1;
}
