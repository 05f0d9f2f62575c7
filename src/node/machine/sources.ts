/** Where the doctor's numbers come from: this machine, or what a test makes up. */

export type CommandResult =
  | { readonly outcome: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** There is no such program, or it may not be run. */
  | { readonly outcome: 'absent' }
  /** It did not end within the time limit, or was ended by a signal. */
  | { readonly outcome: 'silent' };

export interface MachineSources {
  readonly platform: NodeJS.Platform;
  /** As Node names it, for example `x64`. */
  readonly arch: string;
  /** Of the kernel, or of Windows. */
  readonly release: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home folder, which the report writes as `~`. */
  readonly home: string;
  readonly nodeVersion: string;
  /** Null outside the desktop editor. */
  readonly electronVersion: string | null;
  readonly cpu: { readonly model: string; readonly cores: number };
  /** `limitBytes` is what a container allows; null without one. */
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number; readonly limitBytes: number | null };
  /** Runs a program without a shell, within a time limit. */
  run(command: string, args: readonly string[]): Promise<CommandResult>;
  /** Null when the file cannot be read. */
  readFile(file: string): Promise<string | null>;
  /** Names in a folder, sorted; empty when it cannot be read. */
  listFolder(folder: string): Promise<readonly string[]>;
  /** Free for this user on the disk of a folder, which need not exist yet; null when it cannot be told. */
  freeBytes(folder: string): Promise<number | null>;
}
