/** The gate of a run: commands, signals, and no step while events wait for room on the disk. */
import type { RunContext } from '../runContext.ts';
import { createGate, type Gate } from './gate.ts';

/** @param progress Where the run stands; told with every pause. */
export function openGate({ options, log, outbox, inbox, room }: RunContext, progress: { readonly step: number }): Gate {
  const { clock, signal } = options;
  room.follow(progress);
  const gate = createGate({
    clock,
    signal,
    commands: inbox.take,
    onWait: outbox.flush,
    onState(state) {
      outbox.flush();
      log.write({ type: 'state', state, step: progress.step });
      outbox.restartTiming();
    },
  });
  return {
    async pass() {
      await room.settle(); // No step is taken while events wait for room.
      return gate.pass();
    },
  };
}
