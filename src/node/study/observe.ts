/** What the trials of a study have shown, as its search sees it: values that were measured under the same conditions. */
import type { StudyState, TrialState } from '../../common/study/reduceStudy.ts';
import type { StudyStart } from '../../common/study/studyEvents.ts';
import { valueAt } from './nextMove.ts';
import { type Observation, scatteredTrials } from './suggest.ts';

/**
 * A value after 3 epochs says nothing beside one after 30. With successive halving the latest rung is looked at that enough
 * trials have come to (as BOHB does; Falkner and others, 2018); those that were let go before it count as bad ones.
 */
export function observe({ trials }: StudyState, start: StudyStart): Observation[] {
  const rungs = start.halving?.rungs.length ?? 0;
  const places = Array.from({ length: rungs + 1 }, (_, rung) => rung).reverse();
  const enough = scatteredTrials(start.space) + 1;
  const isKnown = (rung: number) =>
    trials.filter((trial) => typeof valueAtPlace(rung, trial, rungs) === 'number').length;
  const place = places.find((rung) => isKnown(rung) >= enough) ?? 0;
  return trials.map((trial) => ({
    params: trial.params,
    value: valueAtPlace(place, trial, rungs) ?? null,
    // Of a stopped trial nothing is known either.
    isRunning: trial.status === 'running' || trial.status === 'stopped',
  }));
}

/** The place behind the last rung is the end. */
function valueAtPlace(place: number, trial: TrialState, rungs: number): number | null | undefined {
  return place < rungs ? valueAt(place, trial) : trial.status === 'completed' ? trial.value : undefined;
}
