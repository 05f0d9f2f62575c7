/** A little room on the disk that a run keeps for itself, so that it can say that the disk is full. */
import { closeSync, openSync, rmSync } from 'node:fs';
import { type Disk, writeWhole } from './disk.ts';

export interface Reserve {
  /** @returns Whether the room is there, now or already. */
  take(): boolean;
  /** Gives the room free. */
  give(): void;
}

/** Enough for what stands in the way and some words. */
const BYTES = 64 << 10;

export function createReserve(file: string, disk: Disk): Reserve {
  let isTaken = false;
  const give = () => {
    rmSync(file, { force: true });
    isTaken = false;
  };
  return {
    take() {
      try {
        if (!isTaken) {
          const fd = openSync(file, 'w');
          try {
            writeWhole(disk, fd, Buffer.alloc(BYTES, ' ')); // Zeros might be kept as a hole, which is no room.
          } finally {
            closeSync(fd);
          }
          isTaken = true;
        }
        return true;
      } catch {
        give();
        return false;
      }
    },
    give,
  };
}
