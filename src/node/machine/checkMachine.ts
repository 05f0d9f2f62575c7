/** Checks the whole machine: every line of the doctor, each told as soon as it is known. */
import type { Check, Finding, MachineReport } from '../../common/machine/check.ts';
import { BACKEND_IDS, type BackendId, type CheckId, planChecks } from '../../common/machine/planChecks.ts';
import type { ProbeResult } from '../../common/machine/probeResult.ts';
import { summarise } from '../../common/machine/summarise.ts';
import { CATALOGUE, unpackedBytes, wheelsBytes } from '../runtime/catalogue.ts';
import { type BackendFacts, checkBackend } from './backend.ts';
import { findBusCards } from './busCards.ts';
import { checkCapability } from './capability.ts';
import { checkCards, hasNvidia, joinCards } from './cards.ts';
import { checkCuda, checkCudnn } from './cuda.ts';
import { checkDisk } from './disk.ts';
import { checkDriver } from './driver.ts';
import { checkLibc } from './libc.ts';
import { checkMemory } from './memory.ts';
import { checkNode } from './nodeVersion.ts';
import { askNvidiaSmi } from './nvidiaSmi.ts';
import { checkOperatingSystem } from './operatingSystem.ts';
import { checkProcessor } from './processor.ts';
import { checkRuntime } from './runtime.ts';
import { askRuntime, isForCuda, type RuntimeSources, type RuntimeState } from './runtimeState.ts';
import type { MachineSources } from './sources.ts';

export interface MachineParts {
  readonly sources: MachineSources;
  /** Where the TensorFlow runtime is kept. */
  readonly cacheFolder: string;
  readonly runtime: RuntimeSources;
  /** Tries a backend in a process of its own. */
  probe(backend: BackendId, options: { tensorflowFolder: string | null; timeoutMs: number }): Promise<ProbeResult>;
  /** Of Skillet. */
  readonly version: string;
  readonly now: () => Date;
  /** For a check that never answers; the programs that checks run have limits of their own, which are shorter. */
  readonly limitMs?: number;
}

const LIMIT_MS = 60_000;
const PROBE_MS = 60_000;
/** A card newer than TensorFlow's code compiles it for minutes, once. */
const GPU_PROBE_MS = 300_000;

export async function checkMachine(parts: MachineParts, onCheck: (check: Check) => void): Promise<MachineReport> {
  const { sources, limitMs = LIMIT_MS } = parts;
  const findings = startChecks(parts);
  const plan = planChecks(sources.platform);
  const checks = await Promise.all(
    plan.map(async ({ id, title, group }) => {
      const isBackend = BACKEND_IDS.some((backend) => backend === id);
      // A probe ends by its own limit, and waits for those before it.
      const finding = await (isBackend ? findings[id]() : within(limitMs, findings[id]())).catch(toFinding);
      const check = { id, title, ...finding };
      onCheck(check);
      return { ...check, group };
    }),
  );
  const { text, isReady } = summarise(checks);
  return {
    at: parts.now().toISOString(),
    version: parts.version,
    platform: `${sources.platform} ${sources.arch}`,
    summary: text,
    isReady,
    checks,
  };
}

/** What setting up would fetch and unpack, at its most; null when nothing is left to set up. */
function setUpBytes({ platform, arch }: MachineSources, state: RuntimeState, hasCard: boolean): number | null {
  const here = CATALOGUE.filter((one) => one.platform === `${platform}-${arch}`);
  const wanted =
    (hasCard ? here.find(({ flavour }) => flavour === 'cuda') : null) ?? here.find(({ flavour }) => flavour === 'cpu');
  const isSetUp = state.kind === 'whole' && (wanted?.flavour === 'cpu' || isForCuda(state));
  return wanted === undefined || isSetUp ? null : wheelsBytes(wanted.wheels) + unpackedBytes(wanted.wheels);
}

/** What several lines need is asked once. */
function startChecks(parts: MachineParts): Record<CheckId, () => Promise<Finding>> {
  const { sources } = parts;
  const smi = askNvidiaSmi(sources);
  const cards = Promise.all([smi, findBusCards(sources)]).then(([answer, bus]) => joinCards(answer, bus));
  const runtime = askRuntime(parts.runtime);
  const facts = async () => ({ platform: sources.platform, runtime: await runtime, cards: await cards });
  const neededBytes = async () => setUpBytes(sources, await runtime, hasNvidia(await cards));
  return {
    os: () => checkOperatingSystem(sources),
    processor: () => checkProcessor(sources),
    libc: () => checkLibc(sources),
    node: async () => checkNode(sources),
    memory: async () => checkMemory(sources),
    disk: async () => checkDisk(sources, { cacheFolder: parts.cacheFolder, neededBytes: await neededBytes() }),
    cards: async () => checkCards(await cards),
    driver: async () => checkDriver(sources, await smi, await cards),
    capability: async () => checkCapability(await cards),
    runtime: async () => checkRuntime(sources, await runtime, await cards),
    cuda: async () => checkCuda(sources, await facts()),
    cudnn: async () => checkCudnn(sources, await facts()),
    ...startBackends(parts, facts),
  };
}

function startBackends(parts: MachineParts, facts: () => Promise<BackendFacts>) {
  const inTurn = queue();
  // What needs least comes first: a card's first start may take minutes.
  const entries = BACKEND_IDS.toReversed().map((id) => {
    const check = async () => {
      const known = await facts();
      const tensorflowFolder = known.runtime.kind === 'whole' ? known.runtime.runtime.folder : null;
      const timeoutMs = id === 'tensorflow-gpu' ? GPU_PROBE_MS : PROBE_MS;
      return checkBackend(id, known, () => inTurn(() => parts.probe(id, { tensorflowFolder, timeoutMs })));
    };
    const finding = check();
    return [id, () => finding] as const;
  });
  return Object.fromEntries(entries) as Record<BackendId, () => Promise<Finding>>;
}

/** One at a time: two probes that share the processor would both tell a wrong time. */
function queue() {
  let turn: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = turn.then(task);
    turn = result.catch(() => undefined);
    return result;
  };
}

/** A check that fails by a fault of its own must not take the others with it. */
function toFinding(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  return { status: 'warn', detail: `could not be checked: ${message}`, remedy: null };
}

async function within<T>(limitMs: number, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([asked, silence]);
  } finally {
    clearTimeout(timer);
  }
}
