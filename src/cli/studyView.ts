/** What a terminal shows of a study: a line for each trial as it ends, one line that redraws, the best at the end. */
import path from 'node:path';
import { formatDuration, formatNumber } from '../common/format.ts';
import type { ParamValue } from '../common/recipe/params.ts';
import {
  emptyStudy,
  reduceStudy,
  type StudyState,
  studyProgress,
  type TrialState,
} from '../common/study/reduceStudy.ts';
import type { StudyEvent, StudyStart } from '../common/study/studyEvents.ts';
import type { Screen } from './progress.ts';
import { printable } from './table.ts';

export interface StudyView {
  readonly study: StudyState;
  add(events: readonly StudyEvent[]): void;
}

const VALUE_WIDTH = 9;

export function createStudyView(screen: Screen): StudyView {
  const study = emptyStudy();
  const print = (text: string) => {
    screen.redraw('');
    screen.line(printable(text));
  };
  return {
    study,
    add(events) {
      for (const event of events) {
        reduceStudy(study, event);
        linesFor(event, study).forEach(print);
      }
      if (study.start !== null && study.end === null) {
        screen.redraw(printable(statusLine(study)).slice(0, (screen.columns || 80) - 1));
      }
    },
  };
}

/** Lines that an event leaves behind. */
function linesFor(event: StudyEvent, study: StudyState): string[] {
  const { start } = study;
  if (start === null) {
    return [];
  }
  switch (event.type) {
    case 'studyStart':
      return [...headLines(event), row(start, ['trial', ...Object.keys(event.space), event.objective.metric, 'state'])];
    case 'trialRung':
      return trialLine(event.trial, { study, start, value: event.value, state: `waits at epoch ${event.epoch}` });
    case 'trialEnd':
      return trialLine(event.trial, {
        study,
        start,
        value: event.value,
        state: stateText(event.status, event.epochs, event.message),
      });
    default:
      return [];
  }
}

function headLines({ name, objective, algorithm, trials, parallel, seed, halving }: StudyStart): string[] {
  const rungs = halving === undefined ? '' : `, looked at after ${halving.rungs.join(' and ')} epochs`;
  return [
    `${name}: ${objective.goal} ${objective.metric}   ${algorithm}, seed ${seed}, ${trials} trials, ${parallel} at a time${rungs}`,
    '',
  ];
}

function trialLine(
  number: number,
  line: {
    readonly study: StudyState;
    readonly start: StudyStart;
    readonly value: number | null;
    readonly state: string;
  },
): string[] {
  const trial = line.study.trials.find((one) => one.number === number);
  const params = Object.keys(line.start.space).map((name) => showParam(trial?.params[name]));
  return [row(line.start, [String(number), ...params, formatNumber(line.value), line.state])];
}

/** Rows come one by one, so their widths are known beforehand. */
function row({ space, objective }: StudyStart, [trial = '', ...cells]: readonly string[]): string {
  const names = [...Object.keys(space), objective.metric];
  const padded = cells.slice(0, -1).map((cell, i) => cell.padStart(Math.max(VALUE_WIDTH, names[i]?.length ?? 0)));
  return [trial.padStart(5), ...padded, cells.at(-1) ?? ''].join('  ').trimEnd();
}

function stateText(status: TrialState['status'], epochs: number, message: string): string {
  const done = `${epochs} epoch${epochs === 1 ? '' : 's'}`;
  switch (status) {
    case 'completed':
      return `done, ${done}`;
    case 'halted':
      return `let go after ${done}`;
    case 'failed':
      return `failed: ${message}`;
    default:
      return `stopped after ${done}`;
  }
}

/** Values after fewer epochs are not compared with those at the end. */
function statusLine(study: StudyState): string {
  const progress = studyProgress(study);
  const best = study.trials.find(({ number, status }) => number === study.best && status === 'completed');
  const open = study.trials.filter(({ status }) => status === 'running').map(({ number }) => number);
  const left = progress?.leftMs ?? 0;
  return [
    `${progress?.ended ?? 0}/${progress?.wanted ?? 0} trials`,
    ...(open.length === 0 ? [] : [`under way: ${open.join(', ')}`]),
    ...(best === undefined ? [] : [`best ${formatNumber(best.value)} (trial ${best.number})`]),
    ...(left > 0 ? [`about ${formatDuration(left)} left`] : []),
  ].join('   ');
}

function showParam(value: ParamValue | undefined): string {
  return typeof value === 'number' && !Number.isInteger(value) ? formatNumber(value) : String(value ?? '');
}

const CHOSEN_BY_TEST =
  'It was chosen by the test rows, so it looks better than new rows will. Fairer: validationSplit under train, and a val_ metric.';

/** How it ended, the best trial, and the command that trains it again. */
export function closingLines(study: StudyState, studyFolder: string): string[] {
  const best = study.trials.find(({ number }) => number === study.best);
  const folder = path.relative(process.cwd(), studyFolder) || '.';
  const recipe = study.recipeFile === null ? '' : path.relative(process.cwd(), study.recipeFile);
  const params = Object.entries(best?.params ?? {});
  return [
    '',
    ...(study.end === null ? [] : [study.end.message]),
    ...(best === undefined
      ? []
      : [
          `Best: trial ${best.number}, ${study.start?.objective.metric} ${formatNumber(best.value)}   ${params.map(([name, value]) => `${name} ${showParam(value)}`).join('   ')}`,
          `Train it: skillet train ${quoted(recipe)}${params.map(([name, value]) => ` --param ${quoted(`${name}=${value}`)}`).join('')}`,
        ]),
    ...(best !== undefined && study.start?.objective.metric.startsWith('test_') === true ? [CHOSEN_BY_TEST] : []),
    `Study folder: ${folder}`,
    ...(study.end?.status === 'completed' ? [] : [`Go on with: skillet tune --resume ${quoted(folder)}`]),
  ];
}

/** As a shell would take it for one word. */
function quoted(word: string): string {
  return /^[\w./=:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
