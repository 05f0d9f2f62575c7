/** Where a file of predictions is written before it is whole: its owner takes it away when the writer is ended. */

export const draftName = (file: string, pid: number): string => `${file}.part-${pid}`;
