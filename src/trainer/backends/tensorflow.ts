/** TensorFlow's own library, on the processor or on an NVIDIA graphics card: the fastest there is, once it is installed. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Binding, createBinding } from '../tensorflow/binding.ts';
import { openCApi } from '../tensorflow/cApi.ts';
import { KERNELS, registerTensorFlow } from '../tensorflow/kernelBackend.ts';
import { activate, describeCpu } from './activate.ts';
import { type Backend, CannotStart, type Workload } from './backend.ts';

export interface TensorFlowOptions {
  /** Holds the library; null where there is none. */
  readonly folder: string | null;
  /** Makes sure, in a process of its own, that the library does not end the one that loads it. @throws {Error} It would. */
  readonly prove: (folder: string) => Promise<void>;
}

const SET_UP = 'Run "Skillet: Set Up This Machine" (skillet setup), or set device to auto.';
const CHECK = 'Run "Skillet: Check This Machine" (skillet doctor): it says what is missing.';

/**
 * Below so many multiplications a step is over before a second thread has begun to help.
 * Measured on two cores: 1 thread is 3 times as fast at 0.3 million, as fast at about 5 million.
 */
const ONE_THREAD_BELOW = 5e6;

/** Both share one library, which a process can open once. */
export function createTensorFlowBackends(options: TensorFlowOptions): Backend[] {
  let opening: Promise<{ binding: Binding; threads: number | null }> | null = null;
  const open = (work: Workload) => {
    opening ??= openLibrary(options, work);
    return opening;
  };
  const common = { unsupportedLayers: [], isSlow: false };
  return [
    {
      ...common,
      name: 'tensorflow-gpu',
      kind: 'gpu',
      label: 'TensorFlow on an NVIDIA GPU',
      async start(work) {
        const { binding } = await open(work);
        const card = binding.devices.find(({ type }) => type === 'GPU');
        if (card === undefined) {
          throw new CannotStart('TensorFlow finds no NVIDIA graphics card that it can use', CHECK);
        }
        binding.placeOn(card.name);
        await activate(KERNELS);
        return { device: describeCard(card.memoryBytes), version: binding.version };
      },
    },
    {
      ...common,
      name: 'tensorflow-cpu',
      kind: 'cpu',
      label: 'TensorFlow on the processor',
      async start(work) {
        const { binding, threads } = await open(work);
        const hasCard = binding.devices.some(({ type }) => type === 'GPU');
        const processor = binding.devices.find(({ type }) => type === 'CPU');
        binding.placeOn(hasCard && processor !== undefined ? processor.name : null);
        await activate(KERNELS);
        const device = describeCpu();
        return { device: threads === null ? device : `${device}, ${threads} thread`, version: binding.version };
      },
    },
  ];
}

async function openLibrary({ folder, prove }: TensorFlowOptions, { stepCost }: Workload) {
  if (folder === null) {
    throw new CannotStart('TensorFlow is not installed', SET_UP);
  }
  await prove(folder);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // Warnings would fill the log of each run.
  const threads = stepCost < ONE_THREAD_BELOW ? 1 : null;
  const binding = createBinding(openCApi(folder, process.platform), threads === null ? {} : { threads });
  await registerTensorFlow(binding);
  return { binding, threads };
}

/** The C library does not tell the card's name; the driver does. */
function describeCard(memoryBytes: number): string {
  const memory = `${(memoryBytes / 2 ** 30).toFixed(0)} GiB for TensorFlow`;
  return `GPU (${cardName() ?? 'NVIDIA'}, ${memory})`;
}

function cardName(): string | null {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const [first = ''] = readdirSync(folder);
    return /^Model:\s*(.+)$/m.exec(readFileSync(path.join(folder, first, 'information'), 'utf8'))?.[1]?.trim() ?? null;
  } catch {
    return null;
  }
}
