/** Knows gzipped files by their first bytes: names do not always tell. */

export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Whether an error comes from unpacking: the data ends early, or is no gzip after all. */
export function isGzipFault(error: unknown): error is Error {
  return error instanceof Error && ((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_');
}
