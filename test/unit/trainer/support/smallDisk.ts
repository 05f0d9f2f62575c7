/** A disk that takes so many bytes and then is full, as a real one: what fits of a write is written. */
import { fsyncSync, writeSync } from 'node:fs';
import type { Disk } from '../../../../src/trainer/run/disk.ts';

export interface SmallDisk extends Disk {
  /** Bytes that it still takes. */
  room: number;
}

export function smallDisk(room: number): SmallDisk {
  return {
    room,
    write(fd, bytes, from) {
      const length = Math.min(bytes.length - from, this.room);
      if (length <= 0) {
        return fault('ENOSPC');
      }
      this.room -= length;
      return writeSync(fd, bytes, from, length);
    },
    sync: fsyncSync,
  };
}

/** Throws as the system does. */
export function fault(code: string): never {
  throw Object.assign(new Error(`${code}: as the system says it`), { code });
}
