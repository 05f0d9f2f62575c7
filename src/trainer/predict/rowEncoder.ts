/** Turns raw fields into the numbers that a network was trained on: one encoder for each `encoding` of the sidecar. */
import type { SidecarInputs } from '../../common/model/sidecar.ts';
import { createColumnEncoder } from './columnEncoder.ts';
import { createPositionEncoder } from './positionEncoder.ts';
import { createTextEncoder } from './textEncoder.ts';

/** Takes the rows of one file in turn. */
export interface RowEncoder {
  /** Numbers that one row becomes. */
  readonly width: number;
  /**
   * Puts the numbers of a row where they belong.
   *
   * @param row Number of the row, the first after the header being 1.
   * @throws {SkilletError} `data-missing-value`, `data-not-a-number`, `data-unknown-category`: by column, row and remedy.
   */
  encode(fields: readonly string[], row: number, into: Float32Array, offset: number): void;
}

/**
 * @param header Names of the columns as the file has them.
 * @param file Name of the file, for messages.
 * @throws {SkilletError} `data-unknown-column`: a column is missing, or there are too few or too many.
 */
export function createRowEncoder(inputs: SidecarInputs, header: readonly string[], file: string): RowEncoder {
  switch (inputs.encoding) {
    case 'columns':
      return createColumnEncoder(inputs, header, file);
    case 'texts':
      return createTextEncoder(inputs, header, file);
    case 'positions':
      return createPositionEncoder(
        inputs.shape.reduce((product, length) => product * length, 1),
        header,
        file,
      );
    case 'steps':
      return createPositionEncoder(inputs.width, header, file);
  }
}
