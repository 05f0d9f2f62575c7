/** Asks NVIDIA's own tool for the cards, and tells its failures apart: each has another remedy. */
import path from 'node:path';
import type { CommandResult, MachineSources } from './sources.ts';

export interface NvidiaCard {
  readonly name: string;
  readonly driver: string | null;
  readonly totalBytes: number | null;
  readonly freeBytes: number | null;
  /** For example `8.9`; null where the driver is too old to tell it. */
  readonly capability: string | null;
  readonly celsius: number | null;
  readonly busyPercent: number | null;
}

export type SmiAnswer =
  | { readonly kind: 'cards'; readonly cards: readonly NvidiaCard[] }
  /** nvidia-smi is not on this machine. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'noDevices' }
  /** The kernel module is not loaded. */
  | { readonly kind: 'noDriver' }
  /** Kernel module and libraries are of different versions; `library` is theirs where it is told. */
  | { readonly kind: 'mismatch'; readonly library: string | null }
  /** A card has dropped off its bus. */
  | { readonly kind: 'lost'; readonly text: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'failed'; readonly text: string };

type Sources = Pick<MachineSources, 'platform' | 'env' | 'run'>;

/** In the order in which `parseCard` takes them. */
const OLD_FIELDS = ['name', 'driver_version', 'memory.total', 'memory.free', 'temperature.gpu', 'utilization.gpu'];
const FIELDS = [...OLD_FIELDS, 'compute_cap'];

export async function askNvidiaSmi(sources: Sources): Promise<SmiAnswer> {
  if (sources.platform === 'darwin') {
    return { kind: 'absent' };
  }
  for (const command of commands(sources)) {
    const answer = await query(sources, command, FIELDS);
    if (answer.outcome === 'exited' && /not a valid field to query/i.test(answer.stdout + answer.stderr)) {
      // Older drivers do not know compute_cap and refuse the whole query.
      return toAnswer(await query(sources, command, OLD_FIELDS), OLD_FIELDS);
    }
    if (answer.outcome !== 'absent') {
      return toAnswer(answer, FIELDS);
    }
  }
  return { kind: 'absent' };
}

/** By its own place first where there is one: in WSL and on older Windows it is not on the PATH. */
function commands({ platform, env }: Sources): string[] {
  if (platform !== 'win32') {
    return ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'];
  }
  const { join } = path.win32;
  return [
    join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'nvidia-smi.exe'),
    join(env.ProgramFiles ?? 'C:\\Program Files', 'NVIDIA Corporation', 'NVSMI', 'nvidia-smi.exe'),
  ];
}

function query({ run }: Sources, command: string, fields: readonly string[]): Promise<CommandResult> {
  return run(command, [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits']);
}

function toAnswer(result: CommandResult, fields: readonly string[]): SmiAnswer {
  if (result.outcome !== 'exited') {
    return { kind: result.outcome };
  }
  // Failures are printed on either stream.
  const text = `${result.stdout}\n${result.stderr}`.replace(/\s+/g, ' ').trim();
  const failure = toFailure(text);
  if (failure !== null) {
    return failure;
  }
  const cards = result.stdout.split('\n').flatMap((line) => parseCard(line, fields) ?? []);
  if (result.code !== 0) {
    return { kind: 'failed', text: text || `exit code ${result.code}` };
  }
  return cards.length === 0 ? { kind: 'noDevices' } : { kind: 'cards', cards };
}

function toFailure(text: string): SmiAnswer | null {
  if (/couldn't communicate with the NVIDIA driver|driver not loaded/i.test(text)) {
    return { kind: 'noDriver' };
  }
  if (/driver\/library version mismatch/i.test(text)) {
    return { kind: 'mismatch', library: /NVML library version: ([\d.]+)/.exec(text)?.[1] ?? null };
  }
  if (/no devices were found/i.test(text)) {
    return { kind: 'noDevices' };
  }
  return /GPU is lost|unable to determine the device handle/i.test(text) ? { kind: 'lost', text } : null;
}

/** Fields are counted from the end: a name may hold a comma. */
function parseCard(line: string, fields: readonly string[]): NvidiaCard | null {
  const parts = line.split(',').map((part) => part.trim());
  const nameParts = parts.length - fields.length + 1;
  if (nameParts < 1) {
    return null;
  }
  const [driver = '', total = '', free = '', celsius = '', busy = '', capability = ''] = parts.slice(nameParts);
  return {
    name: parts.slice(0, nameParts).join(', '),
    driver: told(driver),
    totalBytes: mebibytes(total),
    freeBytes: mebibytes(free),
    capability: told(capability),
    celsius: number(celsius),
    busyPercent: number(busy),
  };
}

/** `[N/A]`, `[Not Supported]`, `[Insufficient Permissions]`, `[Unknown Error]`, `N/A`. */
const told = (text: string) => (text === '' || text.startsWith('[') || text === 'N/A' ? null : text);

function number(text: string): number | null {
  const value = told(text);
  return value === null || Number.isNaN(Number(value)) ? null : Number(value);
}

function mebibytes(text: string): number | null {
  const value = number(text);
  return value === null ? null : value * 2 ** 20;
}
