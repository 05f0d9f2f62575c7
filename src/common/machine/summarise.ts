/** The doctor's one sentence: what recipes train on here, or what to do first. */
import type { Check } from './check.ts';
import { BACKEND_IDS } from './planChecks.ts';

export interface Summary {
  /** A backend works, so recipes train. */
  readonly isReady: boolean;
  readonly text: string;
}

const NAMES: Readonly<Record<(typeof BACKEND_IDS)[number], string>> = {
  'tensorflow-gpu': 'TensorFlow on the graphics card',
  'tensorflow-cpu': 'TensorFlow on the processor',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  js: 'plain JavaScript',
};

/** Lines in whose order a person mends a machine: what comes first is often why the later ones fail. */
const MENDING_ORDER = ['node', 'libc', 'driver', 'capability', 'runtime', 'cuda', 'cudnn', 'tensorflow-gpu', 'memory'];

export function summarise(checks: readonly Check[]): Summary {
  const works = (id: string) =>
    checks.some((check) => check.id === id && (check.status === 'ok' || check.status === 'warn'));
  const best = BACKEND_IDS.find(works);
  const first = firstToMend(checks);
  if (best === undefined) {
    const advice = first ?? checks.find(({ status, remedy }) => status === 'fail' && remedy !== null) ?? null;
    return {
      isReady: false,
      text: `Not ready: no backend works here.${advice === null ? '' : ` First: ${toAdvice(advice)}`}`,
    };
  }
  // With the fastest backend at work nothing comes first; the lines tell the rest.
  const isBest = best === 'tensorflow-gpu';
  return {
    isReady: true,
    text: `Ready: recipes train on ${NAMES[best]}.${isBest || first === null ? '' : ` To train faster: ${toAdvice(first)}`}`,
  };
}

function firstToMend(checks: readonly Check[]): Check | null {
  const open = checks.filter(({ status, remedy }) => (status === 'fail' || status === 'warn') && remedy !== null);
  const ordered = MENDING_ORDER.flatMap((id) => open.filter((check) => check.id === id));
  return ordered[0] ?? null;
}

function toAdvice({ title, remedy }: Check): string {
  return `${title}. ${remedy?.text ?? ''}`.trim();
}
