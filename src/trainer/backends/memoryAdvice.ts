/** What to do where a device has too little memory for a step. */
import { SkilletError } from '../../common/errors.ts';
import type { Backend } from './backend.ts';
import { isOutOfMemory } from './isOutOfMemory.ts';

export interface BatchSize {
  /** Rows of a batch as the recipe wants it. */
  readonly wanted: number;
  /** Rows that a batch really has: no more than there are in the data. */
  readonly rows: number;
}

type Place = Pick<Backend, 'name' | 'kind'>;

/**
 * Does work on a device.
 *
 * @throws {SkilletError} `run-out-of-memory` in place of what the device said. Any other error as it is.
 */
export async function withMemoryAdvice<T>(place: Place, batch: BatchSize, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isOutOfMemory(error) ? outOfMemory(error, place, batch) : error;
  }
}

function outOfMemory(error: unknown, place: Place, batch: BatchSize): SkilletError {
  const said = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  const owner = place.kind === 'gpu' ? "The graphics card's" : "The processor's";
  return new SkilletError('run-out-of-memory', 'train.batchSize', {
    message: `${owner} memory ran out on ${place.name}, with a batch of ${countRows(batch.rows)} (${said}).`,
    remedy: adviseOnMemory(place, batch),
  });
}

/** A whole sentence. */
export function adviseOnMemory({ name, kind }: Place, { wanted, rows }: BatchSize): string {
  const smaller =
    rows > 1
      ? [`set train.batchSize to ${Math.floor(rows / 2)} or less (now ${wanted})`, 'make the model smaller']
      : ['make the model smaller (a batch has one row already)'];
  const elsewhere = [
    ...(kind === 'gpu' ? ['set train.device to cpu'] : []),
    ...(name === 'wasm' ? ['set train.device to tensorflow (WebAssembly has at most 4 GiB)'] : []),
  ];
  const sentence = toChoice([...smaller, ...elsewhere]);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function toChoice(choices: readonly string[]): string {
  const last = choices.at(-1) ?? '';
  return choices.length === 1 ? last : `${choices.slice(0, -1).join(', ')}, or ${last}`;
}

function countRows(rows: number): string {
  return `${rows} row${rows === 1 ? '' : 's'}`;
}
