/** What a terminal shows of a run while it trains: a few lines at the start, one line that redraws, the result at the end. */

import path from 'node:path';
import { formatProblem } from '../common/errors.ts';
import { formatDuration, formatNumber } from '../common/format.ts';
import { classScores, mostConfused } from '../common/run/classScores.ts';
import { countSteps } from '../common/run/countSteps.ts';
import { describeBackend } from '../common/run/describeBackend.ts';
import type { Evaluation, RunEnd, RunEvent, RunStart } from '../common/run/events.ts';
import { emptyRun, type RunState, reduceRun } from '../common/run/reduceRun.ts';
import { forecastLines } from './forecastText.ts';
import { formatTable, printable } from './table.ts';

export interface Screen {
  /** Prints a line that stays. */
  line(text: string): void;
  /** Shows text in the last line in place of what stood there; empty takes it away. */
  redraw(text: string): void;
  readonly isTerminal: boolean;
  /** In characters. */
  readonly columns: number;
}

export interface Progress {
  readonly run: RunState;
  add(events: readonly RunEvent[]): void;
}

/** Least time between two redraws, and the share of the epochs between two plain lines. */
const REDRAW_MS = 100;
const PLAIN_STEPS = 10;

export function createProgress(screen: Screen, now: () => number): Progress {
  const run = emptyRun();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let plainShare = 0;
  const add = (event: RunEvent): void => {
    reduceRun(run, event);
    for (const text of linesFor(event, run)) {
      screen.redraw('');
      screen.line(printable(text));
    }
    if (event.type !== 'epochEnd' || run.start === null) {
      return;
    }
    const share = Math.floor((PLAIN_STEPS * event.epoch) / run.start.epochs);
    if (!screen.isTerminal && share > plainShare) {
      plainShare = share;
      screen.line(printable(progressText(run, run.start, 0)));
    }
  };
  return {
    run,
    add(events) {
      events.forEach(add);
      const isTraining = (run.status === 'running' || run.status === 'paused') && run.evaluation === null;
      // A paused trainer says nothing more: that it paused must not wait for the next event.
      const isDue = now() - drawnAt >= REDRAW_MS || events.some((event) => event.type === 'state');
      if (screen.isTerminal && run.start !== null && isTraining && isDue) {
        drawnAt = now();
        screen.redraw(printable(progressText(run, run.start, screen.columns)));
      }
    },
  };
}

/** Lines that an event leaves behind. */
function linesFor(event: RunEvent, run: RunState): string[] {
  switch (event.type) {
    case 'runStart':
      return startLines(event);
    case 'runResume':
      return [`Resumed after epoch ${event.epoch} on ${event.backend.name}`];
    case 'notice':
      return [`${event.level === 'warning' ? 'Warning' : 'Note'}: ${event.message} ${event.remedy}`.trimEnd()];
    case 'evaluation':
      return [...lastEpochLine(run), ...resultLines(event)];
    case 'forecast':
      return forecastLines(event);
    case 'runEnd':
      return endLines(event, run);
    default:
      return [];
  }
}

/** Problems with their line in the recipe; the run's own sentence only where it says more than they do. */
function endLines({ message, problems = [] }: RunEnd, { recipeFile }: RunState): string[] {
  const file = recipeFile === null ? undefined : path.relative(process.cwd(), recipeFile);
  const isSaid = problems.some((problem) => message.includes(problem.message));
  return [...(isSaid ? [] : [message]), ...problems.map((problem) => formatProblem(problem, problem.range && file))];
}

function startLines(start: RunStart): string[] {
  const { data, backend } = start;
  const params = Object.entries(start.params).map(([name, value]) => `${name} ${value}`);
  const rows = [
    `${data.trainRows} train`,
    ...(data.validationRows > 0 ? [`${data.validationRows} validation`] : []),
    `${data.testRows} test`,
  ].join(' · ');
  const weights = start.graph.nodes.reduce((sum, node) => sum + (node.parameterCount ?? 0), 0);
  return [
    ...(start.fork === undefined ? [] : [`Forked from ${start.fork.run} after epoch ${start.fork.epoch}`]),
    `${start.name}   seed ${start.seed}${params.length > 0 ? `   ${params.join('   ')}` : ''}`,
    `${backend.name}${describeBackend(backend)}: ${backend.reason}`,
    `${data.file}: ${rows} rows, ${data.features.length} inputs; ${start.graph.nodes.length - 1} layers, ${weights.toLocaleString('en-US')} weights`,
  ];
}

function lastEpochLine(run: RunState): string[] {
  const last = run.epochs.at(-1);
  if (last === undefined || run.start === null) {
    return [];
  }
  const ms = run.epochs.reduce((sum, epoch) => sum + epoch.durationMs, 0);
  const count = last.epoch - (run.start.fork?.epoch ?? 0);
  return [`${count} epoch${count === 1 ? '' : 's'} in ${formatDuration(ms)}   ${metricsText(run)}`];
}

function metricsText(run: RunState): string {
  const metrics = run.epochs.at(-1)?.metrics ?? {};
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${formatNumber(value)}`)
    .join('   ');
}

/** @param columns Width of the terminal; 0: no bar, a plain line. */
function progressText(run: RunState, start: RunStart, columns: number): string {
  const steps = countSteps(start, run.stepLoss.length);
  const done = steps.done / steps.planned;
  const left = run.stepsPerSecond > 0 ? ((steps.planned - steps.done) / run.stepsPerSecond) * 1000 : null;
  const epoch = `epoch ${String(run.epochs.at(-1)?.epoch ?? start.fork?.epoch ?? 0).padStart(String(start.epochs).length)}/${start.epochs}`;
  const rate = run.stepsPerSecond > 0 ? `${formatNumber(run.stepsPerSecond)} steps/s` : '';
  const paused = run.pausedBecause === 'diskFull' ? 'paused: the disk is full' : 'paused';
  const eta = run.status === 'paused' ? paused : left === null ? '' : `${formatDuration(left)} left`;
  const text = [epoch, metricsText(run), rate, eta].filter((part) => part !== '').join('   ');
  if (columns === 0) {
    return text;
  }
  const width = Math.min(30, columns - text.length - 4);
  return (width >= 8 ? `${bar(done, width)}  ${text}` : text).slice(0, columns - 1);
}

/** A bar of blocks. */
export function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
}

function resultLines(evaluation: Evaluation): string[] {
  const names = Object.keys(evaluation.metrics);
  const unit = evaluation.unit === undefined ? '' : ` (${evaluation.unit})`;
  const rows = [
    [`on ${evaluation.rows} test rows${unit}`, ...names],
    ['the network', ...names.map((name) => formatNumber(evaluation.metrics[name]))],
    ...evaluation.baselines.map((baseline) => [
      baseline.label,
      ...names.map((name) => formatNumber(baseline.metrics[name])),
    ]),
  ];
  const right = names.map((_, index) => index + 1);
  const table = formatTable(rows, right).map((row) => `  ${row}`);
  return ['', ...table, '', ...classLines(evaluation), evaluation.verdict];
}

/** More classes make no line that is read. */
const MOST_CLASSES = 20;
const MOST_CONFUSED = 3;

/** Which share of each class was found, and what was taken for what. */
function classLines({ predictions }: Evaluation): string[] {
  if (predictions.kind !== 'classes' || predictions.classes.length > MOST_CLASSES) {
    return [];
  }
  const { classes, confusion } = predictions;
  const scores = classScores(classes, confusion).filter(({ rows }) => rows > 0);
  const found = scores.map(({ name, recall }) => `${name} ${percent(recall)}`).join('   ');
  const pairs = mostConfused(classes, confusion, MOST_CONFUSED).map(
    ({ actual, predicted, count }) => `${actual} taken for ${predicted} (${count})`,
  );
  const confused = pairs.length === 0 ? 'none: every row is right' : pairs.join('   ');
  return [`  right by class   ${found}`, `  most confused    ${confused}`, ''];
}

const percent = (share: number | null) => (share === null ? '—' : `${Math.round(share * 100)} %`);
