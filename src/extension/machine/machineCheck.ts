/** One check of this machine at a time, kept for pages that come late. */
import type { Check, MachineReport } from '../../common/machine/check.ts';
import { planChecks } from '../../common/machine/planChecks.ts';
import type { ToMachinePage } from '../../common/machineMessages.ts';
import { machineHere } from './engineHere.ts';

export interface MachineCheck {
  /** Begins anew, unless a check is under way. */
  begin(): void;
  /** All that was told since the last beginning; empty before the first. */
  told(): readonly ToMachinePage[];
  report(): MachineReport | null;
  remedyOf(check: string): Check['remedy'];
  /** Ends what is under way. */
  dispose(): void;
}

export interface MachineCheckParts {
  readonly probeFile: string;
  readonly version: string;
  tell(message: ToMachinePage): void;
}

export function createMachineCheck({ probeFile, version, tell }: MachineCheckParts): MachineCheck {
  let told: ToMachinePage[] = [];
  let running: AbortController | null = null;
  const say = (message: ToMachinePage) => {
    told.push(message);
    tell(message);
  };
  const run = async (signal: AbortSignal) => {
    const [{ checkMachine }, { partsHere }] = await Promise.all([
      import('../../node/machine/checkMachine.ts'),
      import('../../node/machine/partsHere.ts'),
    ]);
    const parts = partsHere({ machine: machineHere(), probeFile, version, signal });
    const report = await checkMachine(parts, (check) => signal.aborted || say({ type: 'check', check }));
    signal.throwIfAborted();
    say({ type: 'end', report });
  };
  const begin = () => {
    if (running !== null) {
      return;
    }
    const started = new AbortController();
    running = started;
    told = [];
    say({ type: 'begin', plan: planChecks(process.platform) });
    run(started.signal)
      .catch((error) => started.signal.aborted || say({ type: 'failed', message: `The check broke off: ${error}.` }))
      .finally(() => {
        running = null;
      });
  };
  const checks = () => told.flatMap((message) => (message.type === 'check' ? [message.check] : []));
  return {
    begin,
    told: () => told,
    report: () => told.flatMap((message) => (message.type === 'end' ? [message.report] : []))[0] ?? null,
    remedyOf: (id) => checks().find((check) => check.id === id)?.remedy ?? null,
    dispose: () => running?.abort(),
  };
}
