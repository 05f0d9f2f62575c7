/** Saves and finds checkpoints: weights, optimizer and cursor, each in a folder that appears whole or not at all. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import {
  CHECKPOINT_FILES,
  checkpointName,
  type StateFile,
  sortCheckpoints,
  stepOfCheckpoint,
} from '../../common/run/checkpointFiles.ts';
import { type Disk, guard, systemDisk, writeWhole } from './disk.ts';
import { thinOut } from './thinOut.ts';

/** Named runs of numbers, in a fixed order. */
export type Arrays = Readonly<Record<string, Float32Array>>;

export interface Checkpoint<State> {
  readonly state: State;
  readonly arrays: Arrays;
}

export interface SaveOptions {
  /** How many earlier ones stay, spread over the run; none when absent. */
  readonly keep?: number;
  /** Step of one that always stays. */
  readonly base?: number | undefined;
  readonly disk?: Disk | undefined;
}

/** What the earlier checkpoints of a run may take up together. */
const MOST_KEPT_BYTES = 256 << 20;

/**
 * Written beside and renamed when complete; only then are older ones deleted, and later ones, which a run that went back to
 * this step has made void.
 *
 * @param folder The run's `checkpoints` folder.
 * @returns The new checkpoint's name in it.
 * @throws {SkilletError} `run-folder`: those that were there are whole still.
 */
export function saveCheckpoint<State>(
  folder: string,
  step: number,
  { state, arrays, ...options }: Checkpoint<State> & SaveOptions,
): string {
  const { disk = systemDisk } = options;
  return guard(folder, () => {
    const bytes = Buffer.concat(Object.values(arrays).map(toBytes));
    const file: StateFile<State> = {
      version: 1,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      arrays: Object.entries(arrays).map(([key, { length }]) => ({ name: key, length })),
      state,
    };
    const text = JSON.stringify(file);
    const same = listCheckpoints(folder).findLast((name) => stepOfCheckpoint(name) === step);
    // The same step twice happens when a resumed run stops at once; one that is there must not go before another is.
    const name =
      same !== undefined && isWhole(path.join(folder, same), text)
        ? same
        : writeBeside(folder, freeName(folder, step), { bytes, text, disk });
    removeOthers(folder, name, options);
    return name;
  });
}

function freeName(folder: string, step: number): string {
  for (let number = 0; ; number += 1) {
    const name = checkpointName(step, number);
    if (!existsSync(path.join(folder, name))) {
      return name;
    }
  }
}

function isWhole(folder: string, text: string): boolean {
  return readCheckpoint(folder) !== null && readFileSync(path.join(folder, CHECKPOINT_FILES.state), 'utf8') === text;
}

function writeBeside(
  folder: string,
  name: string,
  { bytes, text, disk }: { readonly bytes: Buffer; readonly text: string; readonly disk: Disk },
): string {
  const draft = path.join(folder, `.${name}.part`);
  rmSync(draft, { recursive: true, force: true });
  try {
    mkdirSync(draft, { recursive: true });
    writeSynced(disk, path.join(draft, CHECKPOINT_FILES.arrays), bytes);
    writeSynced(disk, path.join(draft, CHECKPOINT_FILES.state), Buffer.from(text));
  } catch (error) {
    rmSync(draft, { recursive: true, force: true }); // A full disk needs the room.
    throw error;
  }
  renameSync(draft, path.join(folder, name));
  syncFolder(disk, folder); // A power cut must not find the older ones gone and this one not there.
  return name;
}

function removeOthers(folder: string, name: string, { keep = 0, base }: SaveOptions): void {
  const step = stepOfCheckpoint(name);
  const others = listCheckpoints(folder).filter((other) => other !== name);
  const earlier = others
    .filter((other) => stepOfCheckpoint(other) < step)
    .map((other) => ({ name: other, step: stepOfCheckpoint(other), bytes: sizeOf(path.join(folder, other)) }));
  const kept = new Set(
    thinOut(earlier, { most: keep, mostBytes: MOST_KEPT_BYTES, latest: step, base }).map((one) => one.name),
  );
  for (const other of others.filter((one) => !kept.has(one))) {
    // Renamed first: killed in between, a half-deleted one must not pass for a damaged checkpoint.
    renameSync(path.join(folder, other), path.join(folder, `.${other}.gone`));
  }
  for (const rest of readdirSync(folder).filter((entry) => LEFTOVER.test(entry))) {
    rmSync(path.join(folder, rest), { recursive: true, force: true });
  }
}

/** Drafts of killed trainers, and what is to be deleted. */
const LEFTOVER = /^\.step-.*\.(?:part|gone)$/;

function sizeOf(folder: string): number {
  return statSync(path.join(folder, CHECKPOINT_FILES.arrays), { throwIfNoEntry: false })?.size ?? 0;
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
  return existsSync(folder) ? sortCheckpoints(readdirSync(folder)) : [];
}

function readCheckpoint<State>(folder: string): Checkpoint<State> | null {
  try {
    const file = JSON.parse(readFileSync(path.join(folder, CHECKPOINT_FILES.state), 'utf8')) as StateFile<State>;
    const bytes = readFileSync(path.join(folder, CHECKPOINT_FILES.arrays));
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

function writeSynced(disk: Disk, file: string, bytes: Buffer): void {
  const fd = openSync(file, 'w');
  try {
    writeWhole(disk, fd, bytes);
    disk.sync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Windows does not open folders, and has no need of it. */
function syncFolder(disk: Disk, folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    try {
      disk.sync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // The files themselves are safe.
  }
}
