/** The form of a checkpoint's folder, for those who write it and those who copy it. */

export const CHECKPOINT_FILES = { state: 'state.json', arrays: 'weights.bin' } as const;

/** `state.json`; `weights.bin` holds the arrays one behind the other, as 32-bit numbers. */
export interface StateFile<State> {
  readonly version: 1;
  /** Of `weights.bin`. */
  readonly sha256: string;
  readonly arrays: readonly { readonly name: string; readonly length: number }[];
  readonly state: State;
}

/** How far a run had come; the first fields of a checkpoint's state. */
export interface CheckpointPlace {
  /** Epochs finished, steps done in the epoch under way, and over all epochs. */
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly step: number;
}

const NAME = /^step-(\d+)(?:\.(\d+))?$/;

/** @param number Where the step has others already: the latest counts. */
export function checkpointName(step: number, number: number): string {
  return `step-${String(step).padStart(9, '0')}${number === 0 ? '' : `.${number}`}`;
}

export function stepOfCheckpoint(name: string): number {
  return Number(NAME.exec(name)?.[1] ?? Number.NaN);
}

/** Those of a folder's entries that are checkpoints, the earliest first. */
export function sortCheckpoints(entries: readonly string[]): string[] {
  const numberOf = (name: string) => Number(NAME.exec(name)?.[2] ?? 0);
  return entries
    .filter((name) => NAME.test(name))
    .toSorted((a, b) => stepOfCheckpoint(a) - stepOfCheckpoint(b) || numberOf(a) - numberOf(b));
}
