/** The cards' compute capability, against the code that TensorFlow's CUDA build holds. */
import type { Finding } from '../../common/machine/check.ts';
import { type Cards, hasNvidia } from './cards.ts';
import { codeFor, OLDEST_CAPABILITY } from './cudaNeeds.ts';
import type { NvidiaCard } from './nvidiaSmi.ts';

export function checkCapability(cards: Cards): Finding {
  const { nvidia } = cards;
  if (nvidia.length === 0) {
    const detail = hasNvidia(cards) ? 'told by the driver, which does not answer' : 'no NVIDIA card';
    return { status: 'info', detail, remedy: null };
  }
  const judged = nvidia.map((card) => ({ card, code: card.capability === null ? null : codeFor(card.capability) }));
  const detail = [...new Set(judged.map(({ card, code }) => describe(card, code)))].join('\n');
  const isTooOld = judged.filter(({ code }) => code === 'none');
  if (isTooOld.length === judged.length) {
    const text = 'Train on the processor or on WebGPU: this TensorFlow has no code for such cards.';
    return { status: 'fail', detail, remedy: { text } };
  }
  if (isTooOld.length > 0) {
    const able = judged.findIndex(({ code }) => code !== 'none');
    const text = `Let TensorFlow see the newer card alone: start the editor with CUDA_VISIBLE_DEVICES=${able}.`;
    return { status: 'warn', detail, remedy: { text } };
  }
  return { status: judged.some(({ code }) => code === null) ? 'info' : 'ok', detail, remedy: null };
}

function describe({ capability, name }: NvidiaCard, code: ReturnType<typeof codeFor> | null): string {
  switch (code) {
    case null:
      return `${name}: not told by this driver; TensorFlow needs ${OLDEST_CAPABILITY} or newer`;
    case 'none':
      return `${name}: ${capability}; TensorFlow needs ${OLDEST_CAPABILITY} or newer`;
    case 'compiles':
      return `${name}: ${capability}, newer than TensorFlow’s code: its first start compiles for minutes, once`;
    case 'ready':
      return `${name}: ${capability} (TensorFlow needs ${OLDEST_CAPABILITY} or newer)`;
  }
}
