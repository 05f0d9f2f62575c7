/** A backend's proof in one sentence. */
import { formatDuration, formatNumber } from '../format.ts';
import type { ProbeResult } from './probeResult.ts';

export function proofText({ version, device, startMs, opMs }: Extract<ProbeResult, { ok: true }>): string {
  const name = version === null ? 'It' : `TensorFlow ${version}`;
  return `${name} works here: ${device}, ready in ${formatDuration(startMs)}, a product of 256 × 256 in ${formatNumber(opMs)} ms.`;
}
