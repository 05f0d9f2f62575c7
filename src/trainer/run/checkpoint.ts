/** Saves and finds checkpoints: weights, optimizer and cursor, each in a folder that appears whole or not at all. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { guard } from './eventLog.ts';

/** Named runs of numbers, in a fixed order. */
export type Arrays = Readonly<Record<string, Float32Array>>;

export interface Checkpoint<State> {
  readonly state: State;
  readonly arrays: Arrays;
}

interface StateFile<State> {
  readonly version: 1;
  readonly sha256: string;
  readonly arrays: readonly { readonly name: string; readonly length: number }[];
  readonly state: State;
}

const STATE = 'state.json';
const ARRAYS = 'weights.bin';

/**
 * Written beside and renamed when complete; only then are the older ones deleted.
 *
 * @param folder The run's `checkpoints` folder.
 * @returns The new checkpoint's name in it.
 * @throws {SkilletError} `run-folder`.
 */
export function saveCheckpoint<State>(folder: string, step: number, { state, arrays }: Checkpoint<State>): string {
  const name = `step-${String(step).padStart(9, '0')}`;
  const draft = path.join(folder, `.${name}.part`);
  guard(folder, () => {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    const bytes = Buffer.concat(Object.values(arrays).map(toBytes));
    const file: StateFile<State> = {
      version: 1,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      arrays: Object.entries(arrays).map(([key, { length }]) => ({ name: key, length })),
      state,
    };
    writeSynced(path.join(draft, ARRAYS), bytes);
    writeSynced(path.join(draft, STATE), Buffer.from(JSON.stringify(file)));
    // The same step twice happens when a resumed run stops at once.
    rmSync(path.join(folder, name), { recursive: true, force: true });
    renameSync(draft, path.join(folder, name));
    for (const old of listCheckpoints(folder).filter((other) => other !== name)) {
      rmSync(path.join(folder, old), { recursive: true, force: true });
    }
  });
  return name;
}

/** @returns The newest checkpoint that is whole, or null; `damaged` are newer ones that are not. */
export function loadCheckpoint<State>(folder: string): { found: Checkpoint<State> | null; damaged: string[] } {
  const damaged: string[] = [];
  for (const name of listCheckpoints(folder).reverse()) {
    const found = readCheckpoint<State>(path.join(folder, name));
    if (found !== null) {
      return { found, damaged };
    }
    damaged.push(name);
  }
  return { found: null, damaged };
}

function listCheckpoints(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^step-\d+$/.test(name))
        .sort()
    : [];
}

function readCheckpoint<State>(folder: string): Checkpoint<State> | null {
  try {
    const file = JSON.parse(readFileSync(path.join(folder, STATE), 'utf8')) as StateFile<State>;
    const bytes = readFileSync(path.join(folder, ARRAYS));
    if (file.version !== 1 || createHash('sha256').update(bytes).digest('hex') !== file.sha256) {
      return null;
    }
    let offset = 0;
    const arrays: Record<string, Float32Array> = {};
    for (const { name, length } of file.arrays) {
      arrays[name] = new Float32Array(Uint8Array.from(bytes.subarray(offset, offset + length * 4)).buffer);
      offset += length * 4;
    }
    return { state: file.state, arrays };
  } catch {
    return null; // Unreadable is as good as damaged; the caller is told.
  }
}

function toBytes(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function writeSynced(file: string, bytes: Buffer): void {
  const fd = openSync(file, 'w');
  try {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(fd, bytes, done);
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
