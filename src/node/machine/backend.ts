/** A backend, proved by a timed operation in a process of its own, or the reason why it is not tried. */
import { formatDuration } from '../../common/format.ts';
import type { Finding, Remedy } from '../../common/machine/check.ts';
import type { BackendId } from '../../common/machine/planChecks.ts';
import type { ProbeResult } from '../../common/machine/probeResult.ts';
import { type Cards, hasCard, hasNvidia } from './cards.ts';
import type { RuntimeState } from './runtimeState.ts';
import type { MachineSources } from './sources.ts';

export interface BackendFacts {
  readonly platform: MachineSources['platform'];
  readonly runtime: RuntimeState;
  readonly cards: Cards;
}

/** @param probe Tries the backend; only called where it has a chance. */
export async function checkBackend(
  id: BackendId,
  facts: BackendFacts,
  probe: () => Promise<ProbeResult>,
): Promise<Finding> {
  return obstacle(id, facts) ?? judgeProbe(id, facts, await probe());
}

/** What makes trying useless; the lines above have the remedy. */
function obstacle(id: BackendId, { platform, runtime, cards }: BackendFacts): Finding | null {
  const info = (detail: string): Finding => ({ status: 'info', detail, remedy: null });
  if (id !== 'tensorflow-gpu' && id !== 'tensorflow-cpu') {
    return null;
  }
  if (id === 'tensorflow-gpu' && platform !== 'linux') {
    return info('not on this system: TensorFlow uses NVIDIA cards on Linux alone');
  }
  if (id === 'tensorflow-gpu' && !hasNvidia(cards)) {
    return info('not here: no NVIDIA card');
  }
  if (runtime.kind !== 'whole') {
    return info(
      runtime.kind === 'absent'
        ? 'not tried: TensorFlow is not set up'
        : 'not tried: TensorFlow has a fault, see above',
    );
  }
  return id === 'tensorflow-gpu' && runtime.runtime.flavour === 'cpu'
    ? info('not tried: this TensorFlow is the build for the processor')
    : null;
}

function judgeProbe(id: BackendId, facts: BackendFacts, result: ProbeResult): Finding {
  if (result.ok) {
    const { device, startMs, opMs } = result;
    const detail = `${device}; ready in ${formatDuration(startMs)}, a 256 × 256 product in ${formatMs(opMs)}`;
    return isSoftware(device)
      ? {
          status: 'warn',
          detail: `${detail}; a graphics card imitated in software, slower than WebAssembly`,
          remedy: null,
        }
      : { status: 'ok', detail, remedy: null };
  }
  if (id === 'webgpu' && !HAS_DIED.test(result.message)) {
    return hasCard(facts.cards)
      ? { status: 'warn', detail: result.message, remedy: remedyFor(id, facts.runtime) }
      : { status: 'info', detail: `not here: ${result.message}`, remedy: null };
  }
  return { status: 'fail', detail: result.message, remedy: remedyFor(id, facts.runtime) };
}

const formatMs = (ms: number) => `${ms < 9.95 ? ms.toFixed(2) : Math.round(ms)} ms`;

/** What probeBackend says of a process that gave no answer of its own: more than a device that is not there. */
const HAS_DIED = /^(The library crashed|The probe ended|It was not ready)/;

const isSoftware = (device: string) => /swiftshader|llvmpipe|lavapipe|software/i.test(device);

function remedyFor(id: BackendId, runtime: RuntimeState): Remedy {
  const isNamed = runtime.kind === 'whole' && runtime.runtime.source === 'named';
  switch (id) {
    case 'tensorflow-gpu':
      return {
        text: 'Mend the driver and CUDA lines above first; where they are right, try another TensorFlow.',
        action: isNamed ? 'openSettings' : 'setUp',
      };
    case 'tensorflow-cpu':
      return isNamed
        ? { text: 'Name another TensorFlow, or none, to use Skillet’s own.', action: 'openSettings' }
        : {
            text: 'Remove TensorFlow ("Skillet: Remove the TensorFlow Runtime") and set it up again.',
            command: 'skillet setup --uninstall && skillet setup',
            action: 'setUp',
          };
    case 'webgpu':
      return { text: 'Update the graphics driver; on Linux it must bring Vulkan (vulkaninfo lists the card).' };
    default:
      return { text: 'Install Skillet again: WebAssembly and plain JavaScript are part of it and need nothing else.' };
  }
}
