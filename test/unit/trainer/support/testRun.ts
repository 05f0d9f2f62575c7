/** Runs recipes in a temporary folder, in this process. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { RunEvent } from '../../../../src/common/run/events.ts';
import { NO_VERDICTS } from '../../../../src/trainer/backends/verdicts.ts';
import { type Clock, systemClock } from '../../../../src/trainer/run/clock.ts';
import type { Disk } from '../../../../src/trainer/run/disk.ts';
import { trainRecipe } from '../../../../src/trainer/trainRecipe.ts';
import { BACKENDS } from './startBackend.ts';

export interface TestRun {
  readonly folder: string;
  readonly recipeFile: string;
  train(options?: {
    resume?: boolean;
    signal?: AbortSignal;
    clock?: Clock;
    untilEpoch?: number;
    observe?: boolean;
    moduleLimitMs?: number;
    disk?: Disk;
  }): Promise<string>;
  events(): RunEvent[];
  control(type: string): void;
}

/** @param recipe Text of the recipe. @param csv Text of `data.csv` beside it. */
export function makeRun(t: TestContext, recipe: string, csv: string): TestRun {
  const root = mkdtempSync(path.join(tmpdir(), 'skillet-trainer-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const folder = path.join(root, 'run');
  mkdirSync(folder);
  const recipeFile = path.join(root, 'test.recipe.yaml');
  writeFileSync(recipeFile, recipe);
  writeFileSync(path.join(folder, 'recipe.yaml'), recipe);
  writeFileSync(path.join(root, 'data.csv'), csv);
  return openTestRun(folder, recipeFile);
}

/** A run folder that is there already. */
export function openTestRun(folder: string, recipeFile: string): TestRun {
  return {
    folder,
    recipeFile,
    train: ({
      resume = false,
      signal = new AbortController().signal,
      clock = systemClock,
      moduleLimitMs = 60_000,
      ...until
    } = {}) =>
      trainRecipe({
        runFolder: folder,
        recipeFile,
        resume,
        ...until,
        backends: BACKENDS,
        verdicts: NO_VERDICTS,
        clock,
        signal,
        moduleLimitMs,
        writer: { skillet: 'test', pid: process.pid, host: 'test' },
      }),
    events: () =>
      readFileSync(path.join(folder, 'events.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as RunEvent),
    control: (type) =>
      appendFileSync(path.join(folder, 'control.jsonl'), `${JSON.stringify({ type, at: new Date().toISOString() })}\n`),
  };
}

/** The event of a type, the last one if there are several. */
export function lastOf<T extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: T,
): Extract<RunEvent, { type: T }> | undefined {
  return events.findLast((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** y = 2a − b + 1 with a little curve, in `rows` rows. */
export function curveCsv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const a = Math.sin(i * 1.7);
    const b = Math.cos(i * 0.9);
    return `${a.toFixed(5)},${b.toFixed(5)},${(2 * a - b + 1 + 0.1 * a * b).toFixed(5)}`;
  });
  return `a,b,y\n${lines.join('\n')}\n`;
}
