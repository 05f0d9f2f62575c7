/** The gate of a run: commands, signals, and no step while events wait for room on the disk. */
import type { Observer } from '../observation/observer.ts';
import type { RunContext } from '../runContext.ts';
import { createGate, type Gate } from './gate.ts';

/** @param progress Where the run stands; told with every pause. @param saveIfWanted Called again and again in a pause. */
export function openGate(
  { options, log, outbox, inbox, room }: RunContext,
  {
    progress,
    observer,
    saveIfWanted,
  }: {
    readonly progress: { readonly step: number };
    readonly observer: Observer | null;
    readonly saveIfWanted?: (() => Promise<void>) | undefined;
  },
): Gate {
  const { clock, signal } = options;
  const gate = createGate({
    clock,
    signal,
    commands: inbox.take,
    async onWait() {
      outbox.flush();
      await observer?.lookIfAsked();
      await saveIfWanted?.();
      await room.settle(); // A single step may have filled the disk.
    },
    onObserve: (isAsked) => observer?.ask(isAsked),
    onState(state) {
      outbox.flush();
      log.write({ type: 'state', state, step: progress.step });
      outbox.restartTiming();
    },
  });
  room.follow({ progress, isPaused: gate.isPaused });
  return {
    isPaused: gate.isPaused,
    async pass() {
      await room.settle(); // No step is taken while events wait for room.
      return gate.pass();
    },
  };
}
