/** Runs as CSV, in the form of RFC 4180: one row an epoch, or one a step. */
import { folderOf } from '../compare/ancestry.ts';
import { csvLine } from '../data/csvLine.ts';
import type { ExportedRun } from './exportedRun.ts';

export type CsvRows = 'epochs' | 'steps';

type Cell = string | number | null;

/** Several runs have a first column `run`, the folder's name; a value that is not finite is an empty field. */
export function runsCsv(runs: readonly ExportedRun[], rows: CsvRows): string {
  const table = rows === 'epochs' ? epochTable(runs) : stepTable(runs);
  return [table.header, ...table.rows].map((row) => `${csvLine(runs.length > 1 ? row : row.slice(1))}\r\n`).join('');
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

function epochTable(runs: readonly ExportedRun[]): Table {
  const names = [...new Set(runs.flatMap(({ run }) => run.epochs.flatMap(({ metrics }) => Object.keys(metrics))))];
  const rows = runs.flatMap(({ run, compared }) =>
    run.epochs.map(({ epoch, metrics, durationMs }) => [
      folderOf(compared.runFolder),
      epoch,
      ...names.map((name) => metrics[name] ?? null),
      durationMs,
    ]),
  );
  return { header: ['run', 'epoch', ...names, 'duration_ms'], rows };
}

/** Steps are counted from 0 over all epochs, as in the run's own file. */
function stepTable(runs: readonly ExportedRun[]): Table {
  const names = [...new Set(runs.flatMap(({ run }) => Object.keys(run.stepMetrics)))];
  const rows = runs.flatMap(({ run, compared }) => {
    const first = run.start?.fork?.step ?? 0;
    const columns = [run.stepLoss, ...names.map((name) => run.stepMetrics[name])];
    return Array.from({ length: Math.max(0, run.stepLoss.length - first) }, (_, index) => [
      folderOf(compared.runFolder),
      first + index,
      ...columns.map((column) => column?.at(first + index) ?? null),
    ]);
  });
  return { header: ['run', 'step', 'loss', ...names], rows };
}
