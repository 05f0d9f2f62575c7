/** Star, tags and notes in a run's folder: kept whole, and never in the way of a list. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  changeAnnotations,
  NO_ANNOTATIONS,
  parseAnnotations,
  parseTags,
  printAnnotations,
} from '../../../src/common/run/annotations.ts';
import { annotateRun, readAnnotations } from '../../../src/node/annotateRun.ts';
import { listRuns } from '../../../src/node/listRuns.ts';
import { completedRun } from '../../fixtures/runEvents.ts';
import { writeRun } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

const SAID = { starred: true, tags: ['wide', 'baseline'], note: 'Two lines,\nboth kept.', archived: true };

test('what is written is read back, and what is not named stays', async (t) => {
  const run = writeRun(path.join(tempFolder(t), 'run'), completedRun);
  assert.deepEqual(await readAnnotations(run), NO_ANNOTATIONS);
  assert.deepEqual(await annotateRun(run, SAID), SAID);
  assert.deepEqual(await annotateRun(run, { starred: false }), { ...SAID, starred: false });
  assert.deepEqual(await readAnnotations(run), { ...SAID, starred: false });
  assert.equal(JSON.parse(readFileSync(path.join(run, 'annotations.json'), 'utf8')).version, 1);
  assert.deepEqual(readdirSync(run).sort(), ['annotations.json', 'control.jsonl', 'events.jsonl', 'recipe.yaml']);
});

test('tags are words, each once whatever its letters, in the order they came', () => {
  assert.deepEqual(parseTags(' #wide, Baseline,,wide  WIDE ##x "quoted" '), ['wide', 'Baseline', 'x', 'quoted']);
  const change = { addTags: ['two words', 'WIDE', 'new'], removeTags: ['BASELINE', 'never-there'] };
  assert.deepEqual(changeAnnotations(SAID, change).tags, ['wide', 'two-words', 'new']);
  assert.deepEqual(changeAnnotations(SAID, { tags: ['only'] }).tags, ['only']);
});

test('control characters, endless notes and hundreds of tags are cut down', () => {
  const { note, tags } = changeAnnotations(NO_ANNOTATIONS, {
    note: `a\u001b[31mb${'x'.repeat(20_000)}`,
    tags: Array.from({ length: 500 }, (_, index) => `t${index}`),
  });
  assert.equal(note.startsWith('a[31mb'), true);
  assert.equal(note.length, 10_000);
  assert.equal(tags.length, 50);
});

test('whatever else stands in the file is read as far as it goes, and lists never fail for it', async (t) => {
  const folder = tempFolder(t);
  const run = writeRun(path.join(folder, 'run'), completedRun);
  const file = path.join(run, 'annotations.json');
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '7',
    '"x"',
    '{}',
    '{"version":"1","starred":true}',
    '\0\0\0',
    `{"version":1,"note":"${'x'.repeat(2 << 20)}"}`,
  ]) {
    writeFileSync(file, text);
    assert.deepEqual(await readAnnotations(run), NO_ANNOTATIONS, text.slice(0, 40));
    assert.equal((await listRuns(folder)).length, 1);
  }
  writeFileSync(file, '{"version":1,"starred":"yes","tags":[1,null,"ok",{}],"note":5,"archived":true,"later":[]}');
  assert.deepEqual(await readAnnotations(run), { starred: false, tags: ['ok'], note: '', archived: true });
});

test('a damaged file is kept beside when a new one is written', async (t) => {
  const run = writeRun(path.join(tempFolder(t), 'run'), completedRun);
  writeFileSync(path.join(run, 'annotations.json'), 'precious words');
  assert.equal((await annotateRun(run, { starred: true })).starred, true);
  assert.equal(readFileSync(path.join(run, 'annotations.damaged.json'), 'utf8'), 'precious words');
});

test('a file of a later version is read as far as it goes, and not written over', async (t) => {
  const run = writeRun(path.join(tempFolder(t), 'run'), completedRun);
  const later = '{"version":2,"starred":true,"colour":"red"}';
  writeFileSync(path.join(run, 'annotations.json'), later);
  assert.equal((await readAnnotations(run)).starred, true);
  await assert.rejects(annotateRun(run, { starred: false }), { code: 'run-annotations', message: /later version/ });
  assert.equal(readFileSync(path.join(run, 'annotations.json'), 'utf8'), later);
});

test('a folder that is no run is refused, and one that cannot be written says why and keeps what it had', async (t) => {
  const folder = tempFolder(t);
  await assert.rejects(annotateRun(folder, { starred: true }), { code: 'run-unreadable' });
  assert.equal(existsSync(path.join(folder, 'annotations.json')), false);
  const run = writeRun(path.join(folder, 'run'), completedRun);
  mkdirSync(path.join(run, 'annotations.json'));
  mkdirSync(path.join(run, 'annotations.damaged.json/full'), { recursive: true });
  await assert.rejects(annotateRun(run, { starred: true }), { code: 'run-annotations', message: /cannot be written/ });
});

test('a read-only run folder keeps what it had', async (t) => {
  if (process.getuid?.() === 0 || process.platform === 'win32') {
    t.skip('nothing is read-only for this user');
    return;
  }
  const run = writeRun(path.join(tempFolder(t), 'run'), completedRun);
  await annotateRun(run, { note: 'old' });
  chmodSync(run, 0o500);
  t.after(() => chmodSync(run, 0o700));
  await assert.rejects(annotateRun(run, { note: 'new' }), { code: 'run-annotations' });
  assert.equal((await readAnnotations(run)).note, 'old');
});

test('what is printed is read back the same', () => {
  assert.deepEqual(parseAnnotations(printAnnotations(SAID)), { annotations: SAID, state: 'whole' });
});
