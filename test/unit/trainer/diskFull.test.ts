/** Runs whose disk is full for a while: they wait, say so, and end as if nothing had been. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { RunEvent } from '../../../src/common/run/events.ts';
import { emptyRun, reduceRun } from '../../../src/common/run/reduceRun.ts';
import { readRun } from '../../../src/node/readRun.ts';
import { systemClock } from '../../../src/trainer/run/clock.ts';
import { waitFor } from '../../fixtures/tempFolder.ts';
import { recipe, weightsOf } from './support/curveRun.ts';
import { smallDisk } from './support/smallDisk.ts';
import { curveCsv, makeRun } from './support/testRun.ts';

const TRAINER = path.resolve(import.meta.dirname, '../../../src/trainer/trainer.ts');
const TEXT = recipe({ epochs: 4, validationSplit: 0.2, checkpoint: { everyEpochs: 1 } });
const isPause = (event: RunEvent) =>
  event.type === 'state' || (event.type === 'notice' && /disk is full/.test(event.message));

/** What a run tells, without the pauses, how steps were gathered, and the looks at the layers, which go by what time is left for them. */
function story(events: readonly RunEvent[]) {
  const run = events.reduce(reduceRun, emptyRun());
  const isTimed = ({ type }: RunEvent) => type === 'steps' || type === 'layers';
  const others = events.filter((event) => !isTimed(event) && !isPause(event)).map(({ type }) => type);
  const steps = events.flatMap((event) => (event.type === 'steps' ? event.loss.map((_, i) => event.first + i) : []));
  return {
    others,
    steps,
    loss: run.stepLoss,
    epochs: run.epochs.map(({ epoch, metrics }) => [epoch, metrics]),
    evaluation: run.evaluation?.metrics,
    status: run.status,
  };
}

test('wherever the disk fills up, a run waits, loses nothing, doubles nothing and ends with the same weights to the byte', async (t) => {
  const whole = makeRun(t, TEXT, curveCsv(50));
  await whole.train();
  const expected = story(whole.events());
  const used = smallDisk(Number.MAX_SAFE_INTEGER);
  await makeRun(t, TEXT, curveCsv(50)).train({ disk: used });
  const bytes = Number.MAX_SAFE_INTEGER - used.room;
  for (let place = 0; place < 12; place += 1) {
    const disk = smallDisk(Math.round((bytes * place) / 12));
    const run = makeRun(t, TEXT, curveCsv(50));
    let waits = 0;
    const clock = {
      ...systemClock,
      wait: async () => {
        waits += 1;
        // Two rounds in vain, then there is room.
        disk.room = waits >= 75 ? Number.MAX_SAFE_INTEGER : disk.room;
      },
    };
    assert.equal(await run.train({ disk, clock }), 'completed');
    assert.deepEqual(story(run.events()), expected, `full after ${place}/12`);
    assert.deepEqual(weightsOf(run.folder), weightsOf(whole.folder));
    assert.ok(waits >= 75, 'it waited');
    const pauses = run
      .events()
      .filter(isPause)
      .map((event) => (event.type === 'state' ? event.state : event.type));
    // After the run's last event nothing may follow.
    assert.deepEqual(pauses.slice(0, 2), ['notice', 'paused']);
    assert.deepEqual(
      readdirSync(run.folder).filter((name) => name.startsWith('.')),
      [],
    );
  }
});

test('while the disk is full, `resume` tries at once and `stop` gives up; the run goes on from its checkpoint later', async (t) => {
  const whole = makeRun(t, TEXT, curveCsv(50));
  await whole.train();
  for (const word of ['resume', 'stop'] as const) {
    const run = makeRun(t, TEXT, curveCsv(50));
    const disk = smallDisk(80_000);
    let waits = 0;
    const clock = {
      ...systemClock,
      wait: async () => {
        waits += 1;
        if (waits === 3) {
          disk.room = word === 'resume' ? Number.MAX_SAFE_INTEGER : 0;
          run.control(word);
        }
      },
    };
    const training = run.train({ disk, clock });
    if (word === 'stop') {
      await assert.rejects(training, { code: 'run-folder', message: /was stopped while the disk was full/ });
      assert.equal(await run.train({ resume: true }), 'completed');
    } else {
      assert.equal(await training, 'completed');
    }
    assert.equal(waits, 3);
    assert.deepEqual(story(run.events()).loss, story(whole.events()).loss);
    assert.deepEqual(weightsOf(run.folder), weightsOf(whole.folder));
  }
});

test('a run that a person has paused stays paused once there is room again', async (t) => {
  const run = makeRun(t, TEXT, curveCsv(50));
  const disk = smallDisk(Number.MAX_SAFE_INTEGER);
  let [turns, waits] = [0, 0];
  const clock = {
    ...systemClock,
    turn: async () => {
      turns += 1;
      if (turns === 1) {
        run.control('pause');
      }
    },
    wait: async () => {
      waits += 1;
      if (waits === 1) {
        disk.room = 0;
        run.control('step');
      }
      disk.room = waits === 2 ? Number.MAX_SAFE_INTEGER : disk.room;
      if (run.events().filter(({ type }) => type === 'state').length === 3) {
        run.control('stop');
      }
    },
  };
  assert.equal(await run.train({ disk, clock }), 'stopped');
  const states = run.events().flatMap((event) => (event.type === 'state' ? [event] : []));
  assert.deepEqual(
    states.map(({ state, step, because }) => [state, step, because]),
    [
      ['paused', 0, undefined],
      ['paused', 1, 'diskFull'],
      ['paused', 1, undefined],
    ],
  );
});

/** A file system of its own, full at so many bytes. @returns Whether this user may mount one. */
function mountSmall(folder: string, bytes: number): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  return true;
}

interface SmallRun {
  readonly folder: string;
  readonly recipeFile: string;
  start(resume?: boolean): { readonly child: ChildProcess; readonly exit: Promise<number | null>; errors(): string };
  /** Leaves so many pages of 4 KiB free. */
  fill(leftPages?: number): void;
  free(): void;
}

function smallRun(t: TestContext, text: string): SmallRun | null {
  const children: ChildProcess[] = [];
  const root = mkdtempSync(path.join(tmpdir(), 'skillet-full-'));
  const folder = path.join(root, 'run');
  if (process.platform !== 'linux' || !mountSmall(folder, 1 << 20)) {
    rmSync(root, { recursive: true, force: true });
    t.skip('a small file system cannot be mounted here');
    return null;
  }
  // In this order: processes, the mount, the folder that it was mounted in.
  t.after(() => {
    for (const child of children) {
      child.kill('SIGKILL');
    }
    execFileSync('umount', ['-l', folder]);
    rmSync(root, { recursive: true, force: true });
  });
  const recipeFile = path.join(root, 'test.recipe.yaml');
  writeFileSync(recipeFile, text);
  writeFileSync(path.join(root, 'data.csv'), curveCsv(50));
  writeFileSync(path.join(folder, 'recipe.yaml'), text);
  const ballast = path.join(folder, 'ballast');
  return {
    folder,
    recipeFile,
    start(resume = false) {
      const args = [TRAINER, folder, '--recipe-file', recipeFile, ...(resume ? ['--resume'] : [])];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      children.push(child);
      let errors = '';
      child.stderr.on('data', (chunk: Buffer) => {
        errors += chunk;
      });
      const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
      return { child, exit, errors: () => errors };
    },
    fill(leftPages = 0) {
      // Page by page, and tried to the end: the trainer writes meanwhile.
      const { bavail, bsize } = statfsSync(folder);
      for (let pages = bavail - leftPages; pages > 0; pages--) {
        try {
          appendFileSync(ballast, Buffer.alloc(bsize, 1));
        } catch (error) {
          assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
          return;
        }
      }
    },
    free: () => rmSync(ballast),
  };
}

const long = { epochs: 100, batchSize: 2 };
const LONG = recipe({ ...long, checkpoint: { everyEpochs: 5 } });
const EVERY = recipe({ ...long, checkpoint: { everyEpochs: 1 } });
/** The same, without waiting for the disk. */
const QUICK = recipe({ ...long, checkpoint: {} });

test('on a real file system that fills up, the trainer pauses, says so in the run, and goes on by itself', async (t) => {
  const run = smallRun(t, LONG);
  if (run === null) {
    return;
  }
  const whole = makeRun(t, QUICK, curveCsv(50));
  await whole.train();
  // Filled before: the run fills the rest by itself, at whatever speed it trains.
  run.fill(24);
  const trainer = run.start();
  const paused = await waitFor('the pause', async () => {
    const state = await readRun(run.folder);
    return state.pausedBecause === 'diskFull' ? state : null;
  });
  assert.equal(paused.status, 'paused');
  assert.match(paused.notices.at(-1)?.message ?? '', /disk is full/);
  await waitFor('the word on the error output', () => trainer.errors().includes('The disk is full: training waits'));
  run.free();
  assert.equal(await trainer.exit, 0, trainer.errors());
  const end = await readRun(run.folder);
  const expected = whole.events().reduce(reduceRun, emptyRun());
  assert.deepEqual([end.status, end.pausedBecause], ['completed', null]);
  assert.deepEqual(end.stepLoss, expected.stepLoss);
  assert.deepEqual(weightsOf(run.folder), weightsOf(whole.folder));
});

test('killed or stopped while a real file system is full, a run is readable and goes on to the same weights', async (t) => {
  const run = smallRun(t, EVERY);
  if (run === null) {
    return;
  }
  const whole = makeRun(t, QUICK, curveCsv(50));
  await whole.train();
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    // Filled before: the run fills the rest by itself, at whatever speed it trains. The first one has room for some of its
    // checkpoints (five pages each, beside sixteen of reserve), however many events a slow machine makes of an epoch.
    run.fill(signal === 'SIGKILL' ? 40 : 24);
    const trainer = run.start(signal === 'SIGTERM');
    await waitFor('the pause of this trainer', async () => {
      const { trainer: now, pausedBecause } = await readRun(run.folder);
      return now?.pid === trainer.child.pid && pausedBecause === 'diskFull';
    });
    assert.notEqual((await readRun(run.folder)).checkpoint, null);
    trainer.child.kill(signal);
    assert.equal(await trainer.exit, signal === 'SIGTERM' ? 1 : null, trainer.errors());
    run.free();
    assert.equal((await readRun(run.folder)).end, null);
  }
  const last = run.start(true);
  assert.equal(await last.exit, 0, last.errors());
  const lines = readFileSync(path.join(run.folder, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  assert.ok(lines.every((line) => JSON.parse(line)));
  assert.deepEqual(weightsOf(run.folder), weightsOf(whole.folder));
});
