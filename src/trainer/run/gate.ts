/** Stands between two steps: lets the process breathe and obeys stop, pause, resume and step, and hands observe on. */
import type { Clock } from './clock.ts';
import type { Command } from './controlReader.ts';

/** Work goes on for so long before signals and commands are looked at: short for a person, long for a small network. */
const TURN_MS = 25;
const PAUSED_POLL_MS = 50;

export interface GateOptions {
  readonly clock: Clock;
  /** New commands since the last call. */
  readonly commands: () => readonly Command[];
  /** Aborted when the process was asked to end. */
  readonly signal: AbortSignal;
  readonly onState: (state: 'running' | 'paused') => void;
  /** Called while it waits in a pause, so that the last steps are shown. */
  readonly onWait: () => void | Promise<void>;
  /** Somebody wants to see the layers, or no longer. */
  readonly onObserve: (isAsked: boolean) => void;
}

export interface Gate {
  /** Settles when work may go on (`go`), when one step alone may be done (`step`), or tells to stop. */
  pass(): Promise<'go' | 'step' | 'stop'>;
  /** Whether somebody has paused the run, who may do single steps. */
  isPaused(): boolean;
}

export function createGate({ clock, commands, signal, onState, onWait, onObserve }: GateOptions): Gate {
  let turnedMs = Number.NEGATIVE_INFINITY; // A stop from before the first step counts.
  let isPaused = false;
  let isStopped = false;
  let allowed = 0;

  const obey = () => {
    for (const command of commands()) {
      isStopped ||= command === 'stop';
      if (command === 'observe' || command === 'unobserve') {
        onObserve(command === 'observe');
      }
      allowed += command === 'step' && isPaused ? 1 : 0;
      const wantsPause = command === 'pause' ? true : command === 'resume' ? false : isPaused;
      if (wantsPause !== isPaused) {
        isPaused = wantsPause;
        allowed = 0;
        onState(isPaused ? 'paused' : 'running');
      }
    }
    isStopped ||= signal.aborted;
  };

  return {
    isPaused: () => isPaused,
    async pass() {
      if (!isPaused && clock.monotonicMs() - turnedMs < TURN_MS) {
        return isStopped ? 'stop' : 'go';
      }
      await clock.turn();
      obey();
      while (isPaused && !isStopped && allowed === 0) {
        await onWait();
        await clock.wait(PAUSED_POLL_MS);
        obey();
      }
      allowed = Math.max(0, allowed - 1);
      turnedMs = clock.monotonicMs();
      return isStopped ? 'stop' : isPaused ? 'step' : 'go';
    },
  };
}
