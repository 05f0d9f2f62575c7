/** Waits until a machine has come up and lets one in, and tells what it waits for. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectInfo, Readiness } from '../common/cloud/connection.ts';
import type { InstanceRef } from '../common/cloud/instance.ts';
import { SkilletError } from '../common/errors.ts';
import { tryPort } from '../node/ssh/tryPort.ts';
import type { ConnectVerbs } from './provider.ts';

/** In this order. */
export type ReadyStep = 'starting' | 'systemCheck' | 'instanceCheck' | 'port';

/** What each step waits for, for a person. */
export const READY_STEPS: Readonly<Record<ReadyStep, string>> = {
  starting: 'the machine to start',
  systemCheck: "the provider's check of its hardware",
  instanceCheck: "the provider's check of its system",
  port: 'its SSH port to open',
};

export interface ReadyOptions {
  readonly provider: Pick<ConnectVerbs, 'connect' | 'readiness'>;
  readonly instance: InstanceRef;
  /** Whenever it waits for another thing. */
  readonly onStep: (step: ReadyStep) => void;
  readonly signal: AbortSignal;
  /** In all; ten minutes when absent. */
  readonly limitMs?: number;
  readonly pollMs?: number;
  readonly clock?: ReadyClock;
  /** @returns Why nothing answers there; null where something does. */
  readonly tryPort?: (host: string, port: number, signal: AbortSignal) => Promise<string | null>;
}

export interface ReadyClock {
  nowMs(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const LIMIT_MS = 10 * 60_000;
const POLL_MS = 5000;
const systemClock: ReadyClock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => delay(ms, undefined, { signal }),
};

/**
 * @throws {SkilletError} `cloud-connect`: a check failed, nobody is let in by the port, or it took too long; what the
 * provider throws, unless that may pass.
 */
export async function waitUntilReady(options: ReadyOptions): Promise<ConnectInfo> {
  const { provider, instance, signal, clock = systemClock, limitMs = LIMIT_MS, pollMs = POLL_MS } = options;
  const endMs = clock.nowMs() + limitMs;
  let step: ReadyStep | undefined;
  let last: Attempt = { info: null, fault: null };
  for (;;) {
    signal.throwIfAborted();
    const found = await ifAnswered(() => provider.readiness(instance, signal));
    const now = found === null ? (step ?? 'starting') : stepOf(found, instance);
    if (now !== step) {
      step = now;
      options.onStep(now);
    }
    if (now === 'port') {
      last = await tryToEnter(options);
      if (last.info !== null && last.fault === null) {
        return last.info;
      }
    }
    if (clock.nowMs() + pollMs > endMs) {
      throw tooLate(step, limitMs, { instance, last });
    }
    await clock.wait(pollMs, signal);
  }
}

interface Attempt {
  readonly info: ConnectInfo | null;
  readonly fault: string | null;
}

/** @throws {SkilletError} No rule lets anybody in, so waiting changes nothing. */
async function tryToEnter(options: ReadyOptions): Promise<Attempt> {
  const { provider, instance, signal } = options;
  const info = await ifAnswered(() => provider.connect(instance, signal));
  if (info === null) {
    return { info, fault: null };
  }
  const fault = await (options.tryPort ?? tryPort)(info.host, info.port, signal);
  signal.throwIfAborted();
  if (fault !== null && info.access.openTo?.length === 0) {
    throw nobodyLetIn(info, instance);
  }
  return { info, fault };
}

/** The provider may be busy or away for a moment; null then. */
async function ifAnswered<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SkilletError && PASSING.includes(error.code)) {
      return null;
    }
    throw error;
  }
}

const PASSING: readonly string[] = ['cloud-throttled', 'cloud-network', 'cloud-unavailable'];

/** A check of which nothing is known holds nobody up. */
function stepOf({ isRunning, systemCheck, instanceCheck }: Readiness, { id }: InstanceRef): ReadyStep {
  for (const [name, state] of [
    ['hardware', systemCheck],
    ['system', instanceCheck],
  ] as const) {
    if (isRunning && state === 'failed') {
      throw new SkilletError('cloud-connect', id, {
        message: `The provider's check of the machine's ${name} has failed.`,
        remedy:
          name === 'hardware'
            ? 'Stop it and start it again: it comes up on another computer.'
            : 'Read its log; reboot it.',
      });
    }
  }
  if (!isRunning) {
    return 'starting';
  }
  return systemCheck === 'waiting' ? 'systemCheck' : instanceCheck === 'waiting' ? 'instanceCheck' : 'port';
}

function nobodyLetIn({ port, access }: ConnectInfo, { id }: InstanceRef): SkilletError {
  return new SkilletError('cloud-connect', id, {
    message: `Nobody is let in by port ${port}: ${groupsText(access.groups)} has no rule for it.`,
    remedy: `Add a rule to the security group: TCP, port ${port}, from your own address.`,
  });
}

function tooLate(
  step: ReadyStep | undefined,
  limitMs: number,
  { instance, last }: { readonly instance: InstanceRef; readonly last: Attempt },
): SkilletError {
  const { info, fault } = last;
  const waited = `Waited ${Math.round(limitMs / 6000) / 10} minutes in vain for ${READY_STEPS[step ?? 'starting']}`;
  if (step !== 'port' || info === null) {
    return new SkilletError('cloud-connect', instance.id, {
      message: `${waited}.`,
      remedy: 'Read its log for what holds it up.',
    });
  }
  const { openTo, groups } = info.access;
  const isLetIn = openTo === null ? '' : ` ${groupsText(groups)} lets in ${openTo.join(', ')}.`;
  return new SkilletError('cloud-connect', instance.id, {
    message: `${waited} (${info.host}:${info.port}: ${fault}).${isLetIn}`,
    remedy: 'See whether your own address is among those that are let in, and whether SSH runs on the machine.',
  });
}

function groupsText(groups: readonly string[]): string {
  return `security group ${groups.join(', ') || '(unknown)'}`;
}
