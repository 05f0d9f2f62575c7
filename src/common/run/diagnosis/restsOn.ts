/** The fields of a recipe that a diagnosis stands and falls with. */
import type { DiagnosisCode } from '../../diagnosisCodes.ts';
import type { Diagnosis } from './diagnosis.ts';

const OF_RESULT: readonly DiagnosisCode[] = ['no-better-than-baseline', 'class-never-predicted'];

/** Once one of them is changed, the diagnosis speaks of another recipe: a result comes from all of it. */
export function restsOn({ code, path, fixes }: Diagnosis): string[] {
  return OF_RESULT.includes(code)
    ? ['data', 'model', 'train']
    : [path, ...fixes.flatMap(({ changes }) => changes.map((change) => change.path))];
}
