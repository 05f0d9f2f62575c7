/** The writes by which a run's files grow, so that tests can bring a disk that is full. */
import { fsyncSync, writeSync } from 'node:fs';
import { SkilletError } from '../../common/errors.ts';

export interface Disk {
  /** Gives how many bytes were taken, which may be fewer than there are. @throws {Error} With the system's code. */
  write(fd: number, bytes: Uint8Array, from: number): number;
  /** Settles what was written on the disk itself. */
  sync(fd: number): void;
}

export const systemDisk: Disk = {
  write: (fd, bytes, from) => writeSync(fd, bytes, from),
  sync: fsyncSync,
};

export function writeWhole(disk: Disk, fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += disk.write(fd, bytes, done);
  }
}

/** No room, or no more of it for this user: what waiting can mend. Rights and broken disks do not come back by themselves. */
const NO_ROOM = ['ENOSPC', 'EDQUOT'];

export function isDiskFull(error: unknown): boolean {
  const { code, cause } = error as NodeJS.ErrnoException;
  return (code !== undefined && NO_ROOM.includes(code)) || (cause instanceof Error && isDiskFull(cause));
}

/** Turns a fault of the file system into one a person can mend. */
export function guard<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof SkilletError ? error : toFolderError(file, error);
  }
}

export function toFolderError(file: string, error: unknown): SkilletError {
  const { code, message } = error as NodeJS.ErrnoException;
  const isReadOnly = code === 'EACCES' || code === 'EROFS' || code === 'EPERM';
  const why = isDiskFull(error)
    ? 'the disk is full'
    : code === 'EFBIG'
      ? 'it is as large as a file may be here'
      : isReadOnly
        ? 'it is read-only'
        : message;
  const fault = new SkilletError('run-folder', file, {
    message: `cannot be written: ${why}.`,
    remedy: 'Free some space or choose another folder; a stopped run can then be resumed from its last checkpoint.',
  });
  fault.cause = error;
  return fault;
}
