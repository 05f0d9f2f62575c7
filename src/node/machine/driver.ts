/** The NVIDIA driver: whether there is one, whether it works, and whether CUDA runs on it. */
import type { Finding, Remedy } from '../../common/machine/check.ts';
import { compareVersions } from '../../common/machine/compareVersions.ts';
import { type Cards, hasNvidia } from './cards.ts';
import { CUDA_MAJOR, codeFor, NEEDED_DRIVER } from './cudaNeeds.ts';
import { installDriver } from './installDriver.ts';
import type { NvidiaCard, SmiAnswer } from './nvidiaSmi.ts';
import type { MachineSources } from './sources.ts';

type Sources = Pick<MachineSources, 'platform' | 'release' | 'readFile'>;

export async function checkDriver(sources: Sources, smi: SmiAnswer, cards: Cards): Promise<Finding> {
  switch (smi.kind) {
    case 'cards':
      return judgeCards(sources, smi.cards);
    case 'absent':
    case 'noDevices':
      return withoutAnswer(sources, smi.kind, cards);
    case 'noDriver':
      return notLoaded(sources, cards);
    case 'mismatch': {
      const kernel = await kernelModule(sources);
      const versions = kernel === null || smi.library === null ? '' : ` (running ${kernel}, installed ${smi.library})`;
      return fail(`it was updated while the machine ran${versions}`, restart(sources, 'Restart the machine.'));
    }
    case 'lost': {
      const text =
        'A card has dropped off its bus. Restart the machine; if it happens again, check its power and slot.';
      return fail(smi.text, restart(sources, text));
    }
    case 'silent':
      return fail('nvidia-smi does not answer: the driver hangs', restart(sources, 'Restart the machine.'));
    case 'failed':
      return fail(`nvidia-smi: ${smi.text}`, await failedRemedy(sources, smi.text));
  }
}

const fail = (detail: string, remedy: Remedy): Finding => ({ status: 'fail', detail, remedy });
const info = (detail: string): Finding => ({ status: 'info', detail, remedy: null });

function restart({ platform }: Sources, text: string): Remedy {
  return platform === 'linux' ? { text, command: 'sudo reboot' } : { text };
}

function judgeCards(sources: Sources, cards: readonly NvidiaCard[]): Promise<Finding> | Finding {
  const version = cards[0]?.driver ?? null;
  return cards.every(({ capability }) => capability !== null && codeFor(capability) === 'none')
    ? info(`${version ?? 'found'}; no other one would make TensorFlow run on this card`)
    : judgeVersion(sources, version);
}

async function notLoaded(sources: Sources, cards: Cards): Promise<Finding> {
  // Images for GPU machines bring the driver along to machines without a card. In WSL the bus shows no card of NVIDIA's.
  if (!hasNvidia(cards) && !/microsoft/i.test(sources.release)) {
    return info('installed, but there is no NVIDIA card');
  }
  const text = 'Load it. If that fails (after a new kernel, or with Secure Boot), install the driver anew.';
  const isLinux = sources.platform === 'linux';
  const remedy = isLinux ? { text, command: 'sudo modprobe nvidia' } : await installDriver(sources);
  return fail('installed, but its kernel module is not loaded', remedy);
}

async function judgeVersion(sources: Sources, version: string | null): Promise<Finding> {
  const needed = sources.platform === 'win32' ? NEEDED_DRIVER.win32 : NEEDED_DRIVER.linux;
  const need = `CUDA ${CUDA_MAJOR} needs ${needed} or newer`;
  if (version === null) {
    return info(`its version is not told; ${need}`);
  }
  return compareVersions(version, needed) >= 0
    ? { status: 'ok', detail: `${version} (${need})`, remedy: null }
    : fail(`${version} is too old: ${need}`, await installDriver(sources));
}

/** nvidia-smi is absent, or finds nothing: what is on the bus decides whether that is a fault. */
async function withoutAnswer(sources: Sources, kind: 'absent' | 'noDevices', cards: Cards): Promise<Finding> {
  if (!hasNvidia(cards)) {
    return info(kind === 'absent' ? 'no NVIDIA card, so none is needed' : 'installed, but there is no NVIDIA card');
  }
  if (sources.platform === 'win32') {
    const version = cards.others.find(({ vendor }) => vendor === 'NVIDIA')?.driver ?? null;
    return version === null ? missing(sources) : judgeVersion(sources, version);
  }
  const kernel = await kernelModule(sources);
  return kernel === null
    ? missing(sources)
    : fail(`${kernel} runs on this machine, but the card cannot be reached from here`, {
        text: 'In a container: start it with --gpus all (NVIDIA Container Toolkit). Otherwise install the driver’s programs, which bring nvidia-smi.',
      });
}

async function missing(sources: Sources): Promise<Finding> {
  return fail('an NVIDIA card without its driver', await installDriver(sources));
}

/** Docker under systemd takes the cards from a running container when the host reloads its units. */
async function failedRemedy(sources: Sources, text: string): Promise<Remedy> {
  return /failed to initialize NVML: unknown error/i.test(text)
    ? {
        text: 'The container has lost its cards; restart it.',
        link: 'https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/troubleshooting.html',
      }
    : installDriver(sources);
}

/** The version that runs in the kernel. */
async function kernelModule({ readFile }: Sources): Promise<string | null> {
  const text = await readFile('/proc/driver/nvidia/version');
  return /Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.exec(text ?? '')?.[1] ?? null;
}
