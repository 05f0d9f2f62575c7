/** The doctor's one sentence: what recipes train on here, or what to do first. */
import type { Check } from './check.ts';
import { BACKEND_IDS, type BackendId } from './planChecks.ts';

export interface Summary {
  /** A backend works and no setting stands in its way, so recipes train. */
  readonly isReady: boolean;
  readonly text: string;
}

const NAMES: Readonly<Record<BackendId, string>> = {
  'tensorflow-gpu': 'TensorFlow on the graphics card',
  'tensorflow-cpu': 'TensorFlow on the processor',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  js: 'plain JavaScript',
};

/** What is mended first is often why the later lines fail. */
const FOR_TENSORFLOW = ['processor', 'driver', 'runtime', 'cuda', 'cudnn', 'tensorflow-gpu', 'tensorflow-cpu'];
/** With a backend as slow as the embedded ones, a C library that keeps out all others counts too, and so does WebGPU. */
const FOR_ANY_FASTER = ['libc', ...FOR_TENSORFLOW, 'webgpu'];
const FOR_ANY_AT_ALL = ['node', 'wasm', 'js', ...FOR_ANY_FASTER];

const MENDING_ORDER: Readonly<Record<BackendId, readonly string[]>> = {
  'tensorflow-gpu': [],
  'tensorflow-cpu': FOR_TENSORFLOW,
  webgpu: FOR_TENSORFLOW,
  wasm: FOR_ANY_FASTER,
  js: FOR_ANY_FASTER,
};

export function summarise(checks: readonly Check[]): Summary {
  // A warning does not count: it may be a backend without a device to run on.
  const best = BACKEND_IDS.find((id) => checks.some((check) => check.id === id && check.status === 'ok'));
  if (best === undefined) {
    const first = firstToMend(checks, FOR_ANY_AT_ALL);
    return { isReady: false, text: `Not ready: no backend works here.${first === null ? '' : ` First: ${first}`}` };
  }
  const first = firstToMend(checks, MENDING_ORDER[best]);
  if (checks.some(refusesRuns)) {
    return { isReady: false, text: `Not ready: the TensorFlow that is named is not there. First: ${first}` };
  }
  return {
    isReady: true,
    text: `Ready: recipes train on ${NAMES[best]}.${first === null ? '' : ` To train faster: ${first}`}`,
  };
}

/** A TensorFlow that a person named is never passed over without a word: training is refused until the name is right. */
function refusesRuns({ id, status, remedy }: Check): boolean {
  return id === 'runtime' && status === 'fail' && remedy?.action === 'openSettings';
}

function firstToMend(checks: readonly Check[], order: readonly string[]): string | null {
  const open = checks.filter(({ status, remedy }) => (status === 'fail' || status === 'warn') && remedy !== null);
  const first = order.flatMap((id) => open.filter((check) => check.id === id))[0];
  return first?.remedy?.text ?? null;
}
