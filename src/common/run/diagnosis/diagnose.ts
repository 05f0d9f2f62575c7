/** What went wrong in a run, or goes wrong while it trains: the most important first, each cause once. */
import type { DiagnosisCode } from '../../diagnosisCodes.ts';
import type { Recipe } from '../../recipe/schema.ts';
import type { RunState } from '../reduceRun.ts';
import type { Diagnosis } from './diagnosis.ts';
import { factsOf, type RunFacts } from './facts.ts';
import { diagnoseLayers } from './layerRules.ts';
import { diagnoseNotFinite } from './notFinite.ts';
import { diagnoseOverfitting } from './overfitting.ts';
import { diagnosePlateau, diagnoseUnfinished } from './progressRules.ts';
import { diagnoseRate } from './rateRules.ts';
import { diagnoseNoise, diagnoseResult } from './resultRules.ts';

const RULES: readonly ((facts: RunFacts) => Diagnosis[])[] = [
  diagnoseNotFinite,
  diagnoseRate,
  diagnoseLayers,
  diagnosePlateau,
  diagnoseOverfitting,
  diagnoseUnfinished,
  diagnoseNoise,
  diagnoseResult,
];

/** More are not read. */
const MOST = 3;

/** Whatever the cause is, these are its effects: told as evidence of it, not by themselves. */
const RESULTS: readonly DiagnosisCode[] = ['no-better-than-baseline', 'class-never-predicted', 'validation-noise'];
const NOT_LEARNT: readonly DiagnosisCode[] = [...RESULTS, 'plateau', 'unfinished', 'rate-too-low', 'overfitting'];
const HIDES: Readonly<Partial<Record<DiagnosisCode, readonly DiagnosisCode[]>>> = {
  'exploding-gradients': [...NOT_LEARNT, 'divergence', 'rate-too-high', 'dead-units', 'vanishing-gradients'],
  divergence: [...NOT_LEARNT, 'dead-units', 'vanishing-gradients'],
  'rate-too-high': [...NOT_LEARNT, 'dead-units', 'vanishing-gradients'],
  'vanishing-gradients': [...NOT_LEARNT, 'dead-units'],
  'dead-units': ['plateau', ...RESULTS],
  'rate-too-low': [...RESULTS, 'plateau', 'unfinished'],
  plateau: RESULTS,
  overfitting: ['plateau', 'unfinished', 'validation-noise', 'no-better-than-baseline'],
  unfinished: RESULTS,
};

/**
 * Pure rules over the epochs, the looks at the layers and the result; steps are not read, so that a reader who has
 * dropped them says the same.
 *
 * @param recipe As it was trained: the run folder's, parameters filled in.
 * @returns At most three; none before the first epoch, but for a run that already failed.
 */
export function diagnose(run: RunState, recipe: Recipe): Diagnosis[] {
  const facts = factsOf(run, recipe);
  const all = facts === null ? [] : RULES.flatMap((rule) => rule(facts));
  const failed = all.filter(({ code, severity }) => code === 'not-finite' && severity === 'error');
  if (failed.length > 0) {
    return failed;
  }
  // What is only worth a word hides no warning.
  const hidden = new Set(all.flatMap(({ code, severity }) => (severity === 'warning' ? (HIDES[code] ?? []) : [])));
  const weight = { error: 0, warning: 1, information: 2 };
  return all
    .filter(({ code }) => !hidden.has(code))
    .sort((a, b) => weight[a.severity] - weight[b.severity])
    .slice(0, MOST);
}
