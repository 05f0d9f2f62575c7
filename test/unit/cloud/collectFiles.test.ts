/** What is brought of a job, when, and how much of it at a time. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { collectFiles, type RemoteFiles } from '../../../src/cloud/collectFiles.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

interface Read {
  readonly path: string;
  readonly from: number;
}

/** A store in memory; contents are given in small pieces. */
function store(files: Record<string, string>): RemoteFiles & { readonly reads: Read[] } {
  const reads: Read[] = [];
  const tag = (text: string) => `"${text.length}-${text.slice(-20)}"`;
  return {
    reads,
    list: async () =>
      Object.entries(files).map(([name, text]) => ({ path: name, bytes: Buffer.byteLength(text), tag: tag(text) })),
    async read(file, { from, isExact }) {
      const text = files[file.path] ?? '';
      reads.push({ path: file.path, from });
      if (isExact && tag(text) !== file.tag) {
        return null;
      }
      const bytes = Buffer.from(text).subarray(from);
      return (async function* () {
        for (let at = 0; at < bytes.length; at += 7) {
          yield bytes.subarray(at, at + 7);
        }
      })();
    },
  };
}

const never = new AbortController().signal;
const text = (folder: string, name: string) => readFileSync(path.join(folder, name), 'utf8');

test('events grow by whole lines, and only what is new is read', async (t) => {
  const folder = path.join(tempFolder(t), 'run');
  const files = { 'events.jsonl': '{"n":1}\n{"n":2}\n{"n"', 'recipe.yaml': 'name: Tiny\n' };
  const remote = store(files);
  assert.equal(await collectFiles(remote, folder, never), 16 + 11);
  assert.equal(text(folder, 'events.jsonl'), '{"n":1}\n{"n":2}\n');
  assert.ok(existsSync(path.join(folder, 'control.jsonl')));
  const long = '{"n":4,"text":"ä longer line than all pieces"}\n';
  files['events.jsonl'] += `:3}\n${long}{"n"`;
  remote.reads.length = 0;
  assert.equal(await collectFiles(remote, folder, never), 8 + Buffer.byteLength(long));
  assert.equal(text(folder, 'events.jsonl'), `{"n":1}\n{"n":2}\n{"n":3}\n${long}`);
  assert.deepEqual(remote.reads, [{ path: 'events.jsonl', from: 0 }]);
  remote.reads.length = 0;
  assert.equal(await collectFiles(remote, folder, never), 0);
  assert.deepEqual(remote.reads, []);
});

test('of a long file only its end is read again', async (t) => {
  const folder = path.join(tempFolder(t), 'run');
  const files = { 'events.jsonl': `{"n":"${'x'.repeat(20)}"}\n`.repeat(1000) };
  const remote = store(files);
  await collectFiles(remote, folder, never);
  const size = files['events.jsonl'].length;
  files['events.jsonl'] += '{"n":2}\n';
  remote.reads.length = 0;
  assert.equal(await collectFiles(remote, folder, never), 8);
  assert.deepEqual(remote.reads, [{ path: 'events.jsonl', from: size - 4096 }]);
  assert.equal(text(folder, 'events.jsonl'), files['events.jsonl']);
});

test('events that begin otherwise than those that are here take their place whole', async (t) => {
  const folder = path.join(tempFolder(t), 'run');
  const files = { 'events.jsonl': '{"n":1}\n{"n":2}\n' };
  const remote = store(files);
  await collectFiles(remote, folder, never);
  files['events.jsonl'] = '{"m":1}\n{"m":2}\n{"m":3}\n';
  await collectFiles(remote, folder, never);
  assert.equal(text(folder, 'events.jsonl'), files['events.jsonl']);
  files['events.jsonl'] = '{"k":1}\n';
  await collectFiles(remote, folder, never);
  assert.equal(text(folder, 'events.jsonl'), '{"k":1}\n');
});

test('other files come whole, before the events that speak of them, and leave nothing beside them', async (t) => {
  const folder = path.join(tempFolder(t), 'run');
  const remote = store({ 'events.jsonl': '{"n":1}\n', 'model/weights.bin': 'weights', 'model/model.json': '{}' });
  await collectFiles(remote, folder, never);
  assert.deepEqual(
    remote.reads.map((read) => read.path),
    ['model/model.json', 'model/weights.bin', 'events.jsonl'],
  );
  assert.deepEqual(readdirSync(path.join(folder, 'model')).sort(), ['model.json', 'weights.bin']);
});

test('a file that is changed while it is asked for comes the next time', async (t) => {
  const folder = path.join(tempFolder(t), 'run');
  const files = { 'model/weights.bin': 'old' };
  const remote = store(files);
  const changing: RemoteFiles = {
    async list(signal) {
      const listed = await remote.list(signal);
      files['model/weights.bin'] = 'newer';
      return listed;
    },
    read: remote.read,
  };
  assert.equal(await collectFiles(changing, folder, never), 0);
  assert.equal(await collectFiles(remote, folder, never), 5);
  assert.equal(text(folder, 'model/weights.bin'), 'newer');
});

test("what belongs to the folder's own side is left as it is", async (t) => {
  const folder = tempFolder(t);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'annotations.json'), 'mine');
  writeFileSync(path.join(folder, 'control.jsonl'), 'mine');
  const remote = store({
    'annotations.json': 'theirs',
    'control.jsonl': 'theirs',
    'trainer.lock': 'theirs',
    '.reserve': 'theirs',
    'checkpoints/1.bin.sagemaker-uploading': 'theirs',
    '.collected.json': '{}',
  });
  assert.equal(await collectFiles(remote, folder, never), 0);
  assert.deepEqual(remote.reads, []);
  assert.equal(text(folder, 'annotations.json'), 'mine');
});

for (const name of ['../evil', 'model/../../evil', '/etc/evil', 'model//x', 'C:/evil', 'a\\..\\..\\evil', '.']) {
  test(`a name that leads out of the folder is refused, and nothing is brought: ${JSON.stringify(name)}`, async (t) => {
    const folder = path.join(tempFolder(t), 'run');
    const remote = store({ 'events.jsonl': '{"n":1}\n', [name]: 'evil' });
    await assert.rejects(collectFiles(remote, folder, never), { code: 'cloud-job', path: name });
    assert.ok(!existsSync(folder));
  });
}

test('a signal ends it between two files', async (t) => {
  const folder = path.join(tempFolder(t), 'run');
  const remote = store({ a: '1', b: '2' });
  const stop = new AbortController();
  const stopping: RemoteFiles = {
    list: remote.list,
    read: (file, how, signal) => {
      stop.abort();
      return remote.read(file, how, signal);
    },
  };
  await assert.rejects(collectFiles(stopping, folder, stop.signal), { name: 'AbortError' });
  assert.equal(remote.reads.length, 1);
});
