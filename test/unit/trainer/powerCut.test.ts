/** What a power cut may take: only what no checkpoint stands on. */
import assert from 'node:assert/strict';
import { fstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type Disk, systemDisk } from '../../../src/trainer/run/disk.ts';
import { recipe } from './support/curveRun.ts';
import { curveCsv, makeRun, type TestRun } from './support/testRun.ts';

/** What is on the disk itself when a checkpoint has got its name and the one before it has not yet gone. */
interface Moment {
  readonly names: readonly string[];
  /** By the file's number: how much of it had been synced. */
  readonly sizes: ReadonlyMap<number, number>;
  readonly events: string;
}

const inode = (file: string) => statSync(file, { throwIfNoEntry: false })?.ino;

/** A disk that notes what it was asked to settle. */
function watchedDisk({ folder }: TestRun): { disk: Disk; moments: Moment[] } {
  const moments: Moment[] = [];
  const sizes = new Map<number, number>();
  const [eventsFile, checkpoints] = ['events.jsonl', 'checkpoints'].map((name) => path.join(folder, name)) as [
    string,
    string,
  ];
  const sync = (fd: number) => {
    systemDisk.sync(fd);
    const { ino, size } = fstatSync(fd);
    if (ino === inode(checkpoints)) {
      const synced = sizes.get(inode(eventsFile) ?? -1) ?? 0;
      const events = readFileSync(eventsFile).subarray(0, synced).toString('utf8');
      moments.push({ names: readdirSync(checkpoints).sort(), sizes: new Map(sizes), events });
      return;
    }
    sizes.set(ino, size);
  };
  return { disk: { ...systemDisk, sync }, moments };
}

test('a checkpoint counts once its files, its name and the epochs behind it are on the disk; until then the one before it stays', async (t) => {
  if (process.platform === 'win32') {
    t.skip('Windows does not open folders');
    return;
  }
  const run = makeRun(t, recipe({ epochs: 3, checkpoint: { everyEpochs: 1, keep: 0 } }), curveCsv(50));
  const { disk, moments } = watchedDisk(run);
  assert.equal(await run.train({ disk }), 'completed');
  const checkpoints = run.events().filter(({ type }) => type === 'checkpoint');
  assert.equal(moments.length, checkpoints.length);
  for (const [index, { names, events }] of moments.entries()) {
    assert.equal(names.length, Math.min(2, index + 1), names.join());
    const epochs = events.split('\n').filter((line) => line.startsWith('{"type":"epochEnd"'));
    assert.equal(epochs.length, index + 1);
  }
  const last = path.join(run.folder, 'checkpoints', moments.at(-1)?.names.at(-1) ?? '');
  for (const name of readdirSync(last)) {
    const { ino, size } = statSync(path.join(last, name));
    assert.equal(moments.at(-1)?.sizes.get(ino), size, name);
  }
});

test('a run that has ended leaves no lock and no reserve', async (t) => {
  const run = makeRun(t, recipe({ epochs: 1 }), curveCsv(50));
  await run.train();
  const left = readdirSync(run.folder).filter((name) => /lock|reserve/.test(name));
  assert.deepEqual(left, []);
});
