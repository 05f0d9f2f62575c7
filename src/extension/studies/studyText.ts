/** How a study reads in the tree, the status bar and messages. */
import { formatNumber } from '../../common/format.ts';
import { type StudyState, studyProgress } from '../../common/study/reduceStudy.ts';
import { ageText } from '../runs/runText.ts';
import type { ShownStudy } from './studyIndex.ts';

/** `val_rmse 2.310`, the best so far. */
export function bestText({ best, objective }: Pick<ShownStudy, 'best' | 'objective'>): string {
  return best === null || objective === null ? '' : `${objective.metric} ${formatNumber(best.value)}`;
}

/** One line for the tree: progress while it is at work, then the best value and its age. */
export function describeStudy(study: ShownStudy, now: number): string {
  const { status, trialsDone, trials, startedAt } = study;
  const progress = trials === null ? '' : `${trialsDone}/${trials} trials`;
  const word = status === 'running' || status === 'completed' ? '' : status;
  return [word, status === 'completed' ? '' : progress, bestText(study), ageText(startedAt, now)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `Boston housing 7/10 trials · val_rmse 2.310` */
export function liveStudyText(study: StudyState): string {
  const progress = studyProgress(study);
  if (study.start === null || progress === null) {
    return 'Tuning';
  }
  const best = study.trials.find(({ number }) => number === study.best);
  const value = best === undefined ? '' : ` · ${study.start.objective.metric} ${formatNumber(best.value)}`;
  return `${study.start.name} ${progress.ended}/${progress.wanted} trials${value}`;
}
