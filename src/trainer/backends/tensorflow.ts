/** TensorFlow's own library, on the processor or on an NVIDIA graphics card: the fastest there is, once it is installed. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { type Binding, createBinding, type Device } from '../tensorflow/binding.ts';
import { openCApi } from '../tensorflow/cApi.ts';
import { KERNELS, registerTensorFlow } from '../tensorflow/kernelBackend.ts';
import { activate, describeCpu } from './activate.ts';
import { type Backend, CannotStart, type Workload } from './backend.ts';
import type { Prove } from './proveBackend.ts';
import { planThreads, type ThreadPlan } from './threadPlan.ts';

export interface TensorFlowOptions {
  /** Holds the library; null where there is none. */
  readonly folder: string | null;
  readonly prove: Prove;
  /** Of the processor, to be used; all of them when absent. */
  readonly cores?: number;
}

export const NOT_INSTALLED = 'TensorFlow is not installed';
const SET_UP = 'Run "Skillet: Set Up This Machine" (skillet setup), or set device to auto.';
const CHECK = 'Run "Skillet: Check This Machine" (skillet doctor): it says what is missing.';

/** Both share one library, which a process can open once. */
export function createTensorFlowBackends(options: TensorFlowOptions): Backend[] {
  let opening: Promise<Opened> | null = null;
  const open = (work: Workload) => {
    opening ??= openLibrary(options, work);
    return opening;
  };
  const installation = `${options.folder ?? 'none'}; driver ${nvidiaDriver() ?? 'none'}${options.cores === undefined ? '' : `; ${options.cores} cores`}`;
  const common = {
    installation,
    unsupportedLayers: [],
    unsupportedInModules: ['pReLU'],
    hasReplicas: true,
    isSlow: false,
  };
  return [
    {
      ...common,
      name: 'tensorflow-gpu',
      kind: 'gpu',
      label: 'TensorFlow on an NVIDIA GPU',
      async start(work) {
        const { binding } = await open(work);
        const cards = takeCards(binding.devices, work.replicas ?? 1);
        binding.placeOn(cards[0]?.name ?? null);
        await activate(KERNELS);
        const device = describeCards(cards.map(({ memoryBytes }) => memoryBytes));
        return { device, version: binding.version, replicas: cards.map(({ name }) => name) };
      },
    },
    {
      ...common,
      name: 'tensorflow-cpu',
      kind: 'cpu',
      label: 'TensorFlow on the processor',
      async start(work) {
        const { binding, plan } = await open(work);
        const hasCard = binding.devices.some(({ type }) => type === 'GPU');
        const place = hasCard ? (binding.devices.find(({ type }) => type === 'CPU')?.name ?? null) : null;
        binding.placeOn(place);
        await activate(KERNELS);
        const replicas = new Array<string | null>(plan.shares).fill(place);
        return { device: `${describeCpu()}, ${describePlan(plan)}`, version: binding.version, replicas };
      },
    },
  ];
}

interface Opened {
  readonly binding: Binding;
  readonly plan: ThreadPlan;
}

/** @throws {CannotStart} */
function takeCards(devices: readonly Device[], wanted: number): readonly Device[] {
  const cards = devices.filter(({ type }) => type === 'GPU');
  if (cards.length === 0) {
    throw new CannotStart('TensorFlow finds no NVIDIA graphics card that it can use', CHECK);
  }
  if (cards.length < wanted) {
    const found = `${cards.length} graphics card${cards.length === 1 ? '' : 's'}`;
    throw new CannotStart(
      `${wanted} replicas need a graphics card each, and TensorFlow finds ${found}`,
      `Set train.replicas to ${cards.length}, or leave it out.`,
    );
  }
  return cards.slice(0, wanted);
}

function describePlan({ threads, shares }: ThreadPlan): string {
  const count = Math.max(threads.inside, threads.across);
  const sharing = shares === 1 ? '' : `, each batch in ${shares} shares`;
  return `${count} thread${count === 1 ? '' : 's'}${sharing}`;
}

async function openLibrary({ folder, prove, cores }: TensorFlowOptions, work: Workload): Promise<Opened> {
  if (folder === null) {
    throw new CannotStart(NOT_INSTALLED, SET_UP);
  }
  const files = readdirSync(folder).filter((name) => name.startsWith('libtensorflow'));
  await prove({
    backend: 'tensorflow-cpu',
    args: ['--tensorflow', folder],
    files: files.sort().map((name) => path.join(folder, name)),
  });
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // Warnings would fill the log of each run.
  const plan = planThreads(work, cores ?? cpus().length);
  const binding = createBinding(openCApi(folder, process.platform), { threads: plan.threads });
  await registerTensorFlow(binding);
  return { binding, plan };
}

/** The C library does not tell the cards' names; the driver does. */
function describeCards(memoryBytes: readonly number[]): string {
  const names = cardNames();
  const cards = memoryBytes.map(
    (bytes, i) => `${names[i] ?? 'NVIDIA'}, ${(bytes / 2 ** 30).toFixed(0)} GiB for TensorFlow`,
  );
  return `GPU (${cards.join('; ')})`;
}

/** The driver's own line, with its version. */
function nvidiaDriver(): string | null {
  try {
    return readFileSync('/proc/driver/nvidia/version', 'utf8').split('\n')[0] ?? null;
  } catch {
    return null;
  }
}

function cardNames(): string[] {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    return readdirSync(folder).map((card) => {
      const text = readFileSync(path.join(folder, card, 'information'), 'utf8');
      return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? 'NVIDIA';
    });
  } catch {
    return [];
  }
}
