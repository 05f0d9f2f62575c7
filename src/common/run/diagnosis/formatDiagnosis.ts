/** Diagnoses as text, for a terminal and for the panel. */
import { formatFigure } from '../../format.ts';
import type { Diagnosis, Evidence } from './diagnosis.ts';

/** `best val_loss, in epoch 16: 0.3310 · …`, or nothing. */
export function formatEvidence(evidence: readonly Evidence[]): string {
  return evidence.map(({ label, value }) => `${label}: ${formatFigure(value)}`).join(' · ');
}

/** What the run does not say by itself: it has its own line for the problem that ended it, and a verdict on its result. */
export function besideRun(diagnoses: readonly Diagnosis[]): Diagnosis[] {
  return diagnoses.filter(({ code, severity }) => severity !== 'error' && code !== 'no-better-than-baseline');
}

/** For a terminal: what, where and what to do; then the numbers behind it. */
export function diagnosisLines(diagnosis: Diagnosis): string[] {
  const { severity, path, message, remedy, code, evidence } = diagnosis;
  const word = severity === 'information' ? 'Note' : 'Warning';
  return [`${word}: ${path}: ${message} ${remedy} (${code})`, `  ${formatEvidence(evidence)}`];
}
