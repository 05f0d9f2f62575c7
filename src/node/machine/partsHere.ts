/** The doctor's parts for the machine that this runs on. */
import { findCacheFolder } from '../runtime/cacheFolder.ts';
import { checkRuntime } from '../runtime/checkRuntime.ts';
import { type Machine, namedTensorflow } from '../runtime/findEngine.ts';
import { findRuntime } from '../runtime/findRuntime.ts';
import type { MachineParts } from './checkMachine.ts';
import { hereSources } from './hereSources.ts';
import { probeBackend } from './probeBackend.ts';

export interface PartsHere {
  readonly machine: Machine;
  /** The probe's bundle. */
  readonly probeFile: string;
  /** Of Skillet. */
  readonly version: string;
  /** Ends the programs and probes that are under way. */
  readonly signal?: AbortSignal;
}

export function partsHere({ machine, probeFile, version, signal }: PartsHere): MachineParts {
  const cacheFolder = findCacheFolder(machine);
  const platform = `${machine.platform}-${machine.arch}`;
  const stop = signal === undefined ? {} : { signal };
  return {
    sources: hereSources(signal),
    cacheFolder,
    runtime: {
      find: () => findRuntime({ cacheFolder, named: namedTensorflow(machine), platform }),
      check: checkRuntime,
    },
    probe: (backend, options) => probeBackend({ ...options, ...stop, backend, probeFile, execPath: process.execPath }),
    version,
    now: () => new Date(),
  };
}
