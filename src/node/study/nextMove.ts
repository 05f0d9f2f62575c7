/** Decides what a study does next: go on with a trial that did well, begin a new one, let one go, or wait. */
import { isBetter, type StudyState, type TrialState } from '../../common/study/reduceStudy.ts';
import type { StudyStart } from '../../common/study/studyEvents.ts';

export type Move =
  | { readonly kind: 'begin'; readonly trial: number }
  /** Also for a trial that was cut off: it goes on to where it was going. */
  | { readonly kind: 'promote'; readonly trial: number }
  | { readonly kind: 'halt'; readonly trial: number }
  /** Nothing to do until a trial that runs has said more; and where none runs, the study is done. */
  | { readonly kind: 'wait' };

/**
 * Asynchronous successive halving (Li and others, 2018): a trial waits at each rung until it is among the best of those that
 * have come there, one in `factor`; the later rungs are looked at first. A new trial begins where none may go on.
 *
 * @param active Numbers of the trials that run. @param cutOff Of those that were cut off on the way; they come first.
 */
export function nextMove(study: StudyState, active: ReadonlySet<number>, cutOff: ReadonlySet<number>): Move {
  const { start, trials } = study;
  if (start === null) {
    return { kind: 'wait' };
  }
  const idle = trials.filter(({ number, status }) => status === 'running' && !active.has(number));
  const broken = idle.find(({ number }) => cutOff.has(number));
  if (broken !== undefined) {
    return { kind: 'promote', trial: broken.number };
  }
  const waiting = idle.filter(({ number }) => !cutOff.has(number));
  const promoted = findPromotion({ study, start, waiting, active });
  if (promoted !== undefined) {
    return { kind: 'promote', trial: promoted.number };
  }
  const next = (trials.at(-1)?.number ?? 0) + 1;
  if (next <= start.trials) {
    return { kind: 'begin', trial: next };
  }
  const hopeless = active.size === 0 ? waiting[0] : waiting.find((trial) => isHopeless(trial, study, start));
  return hopeless === undefined ? { kind: 'wait' } : { kind: 'halt', trial: hopeless.number };
}

interface Standing {
  readonly study: StudyState;
  readonly start: StudyStart;
  readonly waiting: readonly TrialState[];
  readonly active: ReadonlySet<number>;
}

function findPromotion({ study, start, waiting, active }: Standing): TrialState | undefined {
  const { rungs = [], factor = 1 } = start.halving ?? {};
  const places = rungs.map((_, rung) => rung).reverse();
  for (const rung of places) {
    const ranking = rankAt(rung, study, start);
    const isClosed = isRungClosed(rung, { study, start, waiting, active });
    const places = Math.max(isClosed ? 1 : 0, Math.floor(ranking.length / factor));
    const found = ranking
      .slice(0, places)
      .find(({ trial, value }) => isWaitingAt(rung, trial, waiting) && value !== null);
    if (found !== undefined) {
      return found.trial;
    }
  }
  return undefined;
}

/** Whether nobody can come to this rung any more: then one at least goes on, however few have come. */
function isRungClosed(rung: number, { study, start, waiting, active }: Standing): boolean {
  const isBegun = (study.trials.at(-1)?.number ?? 0) >= start.trials;
  const isOnTheWay = study.trials.some(({ number, rungs }) => active.has(number) && rungs.length <= rung);
  const isBelow = waiting.some(({ rungs }) => rungs.length <= rung && rungs.length > 0);
  return isBegun && !isOnTheWay && !(isBelow && mayComeUp(rung, { study, start, waiting, active }));
}

/** A lower rung that is closed, and has sent up all that it may, sends nobody more. */
function mayComeUp(rung: number, standing: Standing): boolean {
  const { study, start, waiting } = standing;
  return Array.from({ length: rung }, (_, lower) => lower).some((lower) => {
    const ranking = rankAt(lower, study, start);
    const places = Math.max(1, Math.floor(ranking.length / (start.halving?.factor ?? 1)));
    return ranking.slice(0, places).some(({ trial, value }) => value !== null && isWaitingAt(lower, trial, waiting));
  });
}

function isWaitingAt(rung: number, trial: TrialState, waiting: readonly TrialState[]): boolean {
  return trial.rungs.length === rung + 1 && waiting.includes(trial);
}

interface Place {
  readonly trial: TrialState;
  readonly value: number | null;
}

/** All that were measured at a rung, the best first; the earlier one where two are alike. */
function rankAt(rung: number, { trials }: StudyState, { objective }: StudyStart): Place[] {
  return trials
    .flatMap((trial) => {
      const value = valueAt(rung, trial);
      return value === undefined ? [] : [{ trial, value }];
    })
    .sort((a, b) =>
      isBetter(a.value, b.value, objective.goal) ? -1 : isBetter(b.value, a.value, objective.goal) ? 1 : 0,
    );
}

/** Undefined where the trial was not measured there. One that has ended early, well or badly, counts at the rung it was going to. */
export function valueAt(rung: number, { rungs, status, value }: TrialState): number | null | undefined {
  const found = rungs[rung];
  if (found !== undefined) {
    return found.value;
  }
  if (status === 'completed') {
    return value;
  }
  return status === 'failed' && rungs.length === rung ? null : undefined;
}

/** Whether so many are better at its rung that it could not go on even if all trials came there. */
function isHopeless(trial: TrialState, study: StudyState, start: StudyStart): boolean {
  const rung = trial.rungs.length - 1;
  const places = Math.max(1, Math.floor(start.trials / (start.halving?.factor ?? 1)));
  return rung >= 0 && rankAt(rung, study, start).findIndex((place) => place.trial === trial) >= places;
}
