/** Fetching a named data set from mirrors on this machine, with made-up files in place of the published ones. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Dataset } from '../../../../src/common/recipe/datasets.ts';
import { chooseMirror, type DatasetFetch, fetchDataset } from '../../../../src/node/datasets/fetchDataset.ts';
import { sendFile } from '../../../fixtures/fakeIndex.ts';
import { sha256 } from '../../../fixtures/fakeWheel.ts';
import { idxImages, idxLabels } from '../../../fixtures/idxFiles.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const contents = {
  images: gzipSync(idxImages(40, 4, 4)),
  labels: gzipSync(idxLabels(Array.from({ length: 40 }, (_, i) => i % 10))),
  testImages: gzipSync(idxImages(10, 4, 4)),
  testLabels: gzipSync(idxLabels([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])),
};
const KEYS = ['images', 'labels', 'testImages', 'testLabels'] as const;
const published = (name: (typeof KEYS)[number]) => ({
  name: `${name}.gz`,
  bytes: contents[name].length,
  sha256: sha256(contents[name]),
});
const files: Dataset['files'] = {
  images: published('images'),
  labels: published('labels'),
  testImages: published('testImages'),
  testLabels: published('testLabels'),
};
const names = KEYS.map((key) => `${key}.gz`);

type Answer = (name: string, request: IncomingMessage, response: ServerResponse) => void;

const honest: Answer = (name, request, response) => {
  const key = KEYS.find((one) => `${one}.gz` === name);
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (key === undefined) {
    response.writeHead(404).end();
  } else {
    sendFile(response, contents[key], start);
  }
};

async function startMirror(t: TestContext, answer: Answer = honest): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = path.posix.basename(request.url ?? '');
    asked.push(`${name}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`);
    answer(name, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/set/`, asked };
}

function jobOf(t: TestContext, mirrors: readonly string[], part: Partial<DatasetFetch> = {}) {
  const seen: number[] = [];
  const job: DatasetFetch = {
    folder: path.join(tempFolder(t), 'datasets', 'made'),
    dataset: { title: 'Made-up', mirrors, files },
    mirror: '',
    fetch,
    waiting: { now: () => 0, sleep: async () => undefined },
    signal: new AbortController().signal,
    onProgress: ({ doneBytes }) => seen.push(doneBytes),
    ...part,
  };
  return { job, seen };
}

test('all four files come whole, once', async (t) => {
  const { url, asked } = await startMirror(t);
  const { job, seen } = jobOf(t, [url]);
  assert.equal(await fetchDataset(job), true);
  for (const key of KEYS) {
    assert.ok(readFileSync(path.join(job.folder, `${key}.gz`)).equals(contents[key]));
  }
  assert.equal(
    seen.at(-1),
    KEYS.reduce((sum, key) => sum + contents[key].length, 0),
  );
  assert.deepEqual(readdirSync(job.folder).sort(), [...names].sort(), 'no part and no lock is left');
  assert.equal(await fetchDataset(job), false);
  assert.deepEqual(asked, names);
});

test('files that a person has put there are not asked for; a wrong one is replaced', async (t) => {
  const { url, asked } = await startMirror(t);
  const { job } = jobOf(t, [url]);
  mkdirSync(job.folder, { recursive: true });
  for (const key of KEYS.slice(0, 3)) {
    writeFileSync(path.join(job.folder, `${key}.gz`), contents[key]);
  }
  writeFileSync(path.join(job.folder, 'testLabels.gz'), 'something else');
  assert.equal(await fetchDataset(job), true);
  assert.deepEqual(asked, ['testLabels.gz']);
});

test('a file with another checksum is refused and removed', async (t) => {
  const wrong = Buffer.from(contents.images);
  wrong[20] = (wrong[20] ?? 0) ^ 1;
  const { url } = await startMirror(t, (_, _request, response) => sendFile(response, wrong, 0));
  const { job } = jobOf(t, [url]);
  await assert.rejects(fetchDataset(job), {
    code: 'dataset-download',
    message: /images\.gz could not be fetched: 127\.0\.0\.1:\d+: has the SHA-256 [0-9a-f]{64}, not .*deleted/,
  });
  assert.deepEqual(readdirSync(job.folder), []);
});

test('a part that was left is gone on with', async (t) => {
  const { url, asked } = await startMirror(t);
  const { job } = jobOf(t, [url]);
  mkdirSync(job.folder, { recursive: true });
  writeFileSync(path.join(job.folder, 'images.gz.part'), contents.images.subarray(0, 30));
  await fetchDataset(job);
  assert.equal(asked[0], 'images.gz bytes=30-');
  assert.ok(readFileSync(path.join(job.folder, 'images.gz')).equals(contents.images));
});

test('where one mirror lacks a file the next one is asked', async (t) => {
  const empty = await startMirror(t, (_, _request, response) => response.writeHead(404).end());
  const full = await startMirror(t);
  const { job } = jobOf(t, [empty.url, full.url]);
  assert.equal(await fetchDataset(job), true);
  assert.deepEqual([empty.asked, full.asked], [names, names]);
});

test('a mirror that is named is asked alone', async (t) => {
  const known = await startMirror(t);
  const named = await startMirror(t);
  const { job } = jobOf(t, [known.url], { mirror: named.url.replace(/\/$/, '') });
  await fetchDataset(job);
  assert.deepEqual([known.asked, named.asked], [[], names]);
});

test('without a network it says which files go where, and which recipe needs none', async (t) => {
  const { job } = jobOf(t, ['http://one.invalid/', 'http://two.invalid/'], {
    fetch: async () => {
      throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') });
    },
  });
  await assert.rejects(fetchDataset(job), (error: { code: string; message: string; remedy: string }) => {
    assert.equal(error.code, 'dataset-download');
    assert.match(error.message, /one\.invalid: .*ENOTFOUND; two\.invalid: .*ENOTFOUND/);
    assert.ok(error.remedy.includes(`put ${names.join(', ')} into ${job.folder}`), error.remedy);
    assert.match(error.remedy, /SKILLET_DATASET_MIRROR.*digits\.recipe\.yaml needs no download/);
    return true;
  });
});

test('cancelling keeps what was fetched', async (t) => {
  const cancel = new AbortController();
  const { url } = await startMirror(t, (name, request, response) => {
    if (name === 'labels.gz') {
      response.writeHead(200, { 'content-length': contents.labels.length });
      response.write(contents.labels.subarray(0, 10), () => cancel.abort());
    } else {
      honest(name, request, response);
    }
  });
  const { job } = jobOf(t, [url], { signal: cancel.signal });
  await assert.rejects(fetchDataset(job), { name: 'AbortError' });
  assert.ok(existsSync(path.join(job.folder, 'images.gz')));
  assert.equal(existsSync(path.join(job.folder, 'labels.gz')), false);
});

test('the setting goes before the environment, and what is no address is refused', () => {
  const env = { SKILLET_DATASET_MIRROR: 'https://env.example/' };
  assert.equal(chooseMirror('https://set.example/', env), 'https://set.example/');
  assert.equal(chooseMirror('', env), 'https://env.example/');
  assert.equal(chooseMirror('', {}), '');
  assert.throws(() => chooseMirror('ftp://old.example', {}), { code: 'dataset-download' });
});
