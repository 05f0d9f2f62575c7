/** Fetching a file: whole, in pieces, from servers of every kind. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Download, type DownloadTools, download, isDownloaded } from '../../../../src/node/runtime/download.ts';
import { type FakeIndexOptions, sendFile, startIndex } from '../../../fixtures/fakeIndex.ts';
import { fakePackage, noise, sha256 } from '../../../fixtures/fakeWheel.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const data = noise(1_000_000);

interface Setting {
  readonly wanted: Download;
  readonly tools: DownloadTools & { readonly slept: number[]; readonly seen: number[] };
  readonly cancel: AbortController;
  readonly index: Awaited<ReturnType<typeof startIndex>>;
}

async function setUp(t: TestContext, options: FakeIndexOptions = {}): Promise<Setting> {
  const index = await startIndex(t, fakePackage().wheels, { content: () => data, ...options });
  const cancel = new AbortController();
  const slept: number[] = [];
  const seen: number[] = [];
  const wanted = {
    url: `${new URL(index.url).origin}/files/a.whl`,
    headers: {},
    file: path.join(tempFolder(t), 'a.whl'),
    bytes: data.length,
    sha256: sha256(data),
  };
  const waiting = {
    now: () => 0,
    sleep: async (ms: number) => {
      slept.push(ms);
    },
  };
  const onBytes = (bytes: number) => seen.push(bytes);
  return { wanted, tools: { fetch, waiting, signal: cancel.signal, onBytes, slept, seen }, cancel, index };
}

/** Sends only so much and breaks off. */
function cutAfter(response: ServerResponse, start: number, end: number): void {
  response.writeHead(start === 0 ? 200 : 206, {
    'content-length': data.length - start,
    ...(start === 0 ? {} : { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` }),
  });
  response.write(data.subarray(start, end), () => response.destroy());
}

const startOf = (range: string | undefined) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);

test('a file comes whole, and its part is gone', async (t) => {
  const { wanted, tools } = await setUp(t);
  await download(wanted, tools);
  assert.ok(readFileSync(wanted.file).equals(data));
  assert.equal(existsSync(`${wanted.file}.part`), false);
  assert.equal(tools.seen.at(-1), data.length);
  assert.equal(await isDownloaded(wanted), true);
  writeFileSync(wanted.file, noise(data.length, 9));
  assert.equal(await isDownloaded(wanted), false, 'a file of the same size and other bytes is not it');
});

test('a connection that breaks twice is taken up where it broke; nothing is fetched twice', async (t) => {
  const starts: number[] = [];
  const ends = [300_000, 700_000];
  const { wanted, tools } = await setUp(t, {
    intercept(request, response) {
      const start = startOf(request.headers.range);
      starts.push(start);
      const end = ends.shift();
      if (end === undefined) {
        sendFile(response, data, start);
      } else {
        cutAfter(response, start, end);
      }
      return true;
    },
  });
  await download(wanted, tools);
  assert.ok(readFileSync(wanted.file).equals(data));
  // What was on its way when the connection broke may be lost, but nothing that is on the disk is asked for again.
  const [first, second = 0, third = 0] = starts;
  assert.deepEqual([first, starts.length, tools.seen.includes(second), tools.seen.includes(third)], [0, 3, true, true]);
  assert.ok(second > 0 && second <= 300_000 && third > second && third <= 700_000, starts.join(' '));
  assert.deepEqual(tools.slept, [1000, 1000], 'the pauses begin anew after progress');
});

test('a part that an earlier process left is gone on with', async (t) => {
  const { wanted, tools, index } = await setUp(t);
  writeFileSync(`${wanted.file}.part`, data.subarray(0, 600_000));
  await download(wanted, tools);
  assert.ok(readFileSync(wanted.file).equals(data));
  assert.deepEqual(index.requests, ['/files/a.whl bytes=600000-']);
  assert.equal(index.sentBytes(), 400_000);
});

test('a whole part is only checked', async (t) => {
  const { wanted, tools, index } = await setUp(t);
  writeFileSync(`${wanted.file}.part`, data);
  await download(wanted, tools);
  assert.deepEqual([index.requests, await isDownloaded(wanted)], [[], true]);
});

test('a part of other bytes, or longer than the file, is thrown away and fetched anew', async (t) => {
  for (const left of [noise(600_000, 7), noise(data.length + 5, 7)]) {
    const { wanted, tools } = await setUp(t);
    writeFileSync(`${wanted.file}.part`, left);
    await download(wanted, tools);
    assert.ok(readFileSync(wanted.file).equals(data));
  }
});

test('a server without ranges sends it all again, and the file is right', async (t) => {
  const { wanted, tools, index } = await setUp(t, { knowsNoRanges: true });
  writeFileSync(`${wanted.file}.part`, data.subarray(0, 600_000));
  await download(wanted, tools);
  assert.ok(readFileSync(wanted.file).equals(data));
  assert.equal(index.sentBytes(), data.length);
});

test('a server that gives another range than asked, or none that it has, is not believed', async (t) => {
  for (const answer of [
    (response: ServerResponse) => {
      response.writeHead(206, { 'content-range': `bytes 0-9/${data.length}` }).end(data.subarray(0, 10));
    },
    (response: ServerResponse) => {
      response.writeHead(416).end();
    },
  ]) {
    const { wanted, tools } = await setUp(t, {
      intercept(request, response) {
        if (request.headers.range === undefined) {
          return false;
        }
        answer(response);
        return true;
      },
    });
    writeFileSync(`${wanted.file}.part`, data.subarray(0, 600_000));
    await download(wanted, tools);
    assert.ok(readFileSync(wanted.file).equals(data));
  }
});

test('a file of another hash is deleted and told with both', async (t) => {
  const other = noise(data.length, 4);
  const { wanted, tools } = await setUp(t, { content: () => other });
  await assert.rejects(download(wanted, tools), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'runtime-download');
    assert.ok(error.message.includes(sha256(other)) && error.message.includes(sha256(data)), error.message);
    return true;
  });
  assert.deepEqual([existsSync(wanted.file), existsSync(`${wanted.file}.part`)], [false, false]);
});

test('a file longer than published is cut off and deleted', async (t) => {
  const { wanted, tools } = await setUp(t, { content: () => noise(data.length + 1) });
  await assert.rejects(download(wanted, tools), { code: 'runtime-download', message: /longer than the 1000000 bytes/ });
  assert.deepEqual([existsSync(wanted.file), existsSync(`${wanted.file}.part`)], [false, false]);
});

test('a server that fails again and again is given up after longer and longer pauses, and the part stays', async (t) => {
  const { wanted, tools } = await setUp(t, {
    intercept(_request, response) {
      response.writeHead(503).end();
      return true;
    },
  });
  writeFileSync(`${wanted.file}.part`, data.subarray(0, 600_000));
  const told: string[] = [];
  const onRetry = ({ fault }: { fault: string }) => told.push(fault);
  await assert.rejects(download(wanted, { ...tools, onRetry }), {
    code: 'runtime-download',
    message: 'broke off after 600000 of 1000000 bytes: the server answered 503.',
    remedy: /run it again/,
  });
  assert.deepEqual(tools.slept, [1000, 2000, 4000, 8000, 16_000]);
  assert.deepEqual(told, Array(5).fill('the server answered 503'));
  assert.equal(readFileSync(`${wanted.file}.part`).length, 600_000);
});

test('a file that is always too short is given up, too', async (t) => {
  const { wanted, tools } = await setUp(t, { content: () => data.subarray(0, 9) });
  await assert.rejects(download(wanted, tools), { code: 'runtime-download', message: /broke off after \d of 1000000/ });
  assert.deepEqual(tools.slept, [1000, 2000, 4000, 8000, 16_000]);
});

test('a refusal is final', async (t) => {
  const { wanted, tools } = await setUp(t, {
    intercept(_request, response) {
      response.writeHead(403).end();
      return true;
    },
  });
  await assert.rejects(download(wanted, tools), { code: 'runtime-download', message: /answered 403/ });
  assert.deepEqual(tools.slept, []);
});

test('a server that falls silent is left and asked again', async (t) => {
  let asked = 0;
  const { wanted, tools } = await setUp(t, {
    intercept(request, response) {
      asked += 1;
      if (asked > 1) {
        sendFile(response, data, startOf(request.headers.range));
      } else {
        response.writeHead(200, { 'content-length': data.length });
        response.write(data.subarray(0, 300_000)); // And no more.
      }
      return true;
    },
  });
  await download(wanted, { ...tools, silenceMs: 300 });
  assert.ok(readFileSync(wanted.file).equals(data));
  assert.equal(asked, 2);
});

test('cancelling keeps the part, and the next attempt fetches only the rest', async (t) => {
  const { wanted, tools, cancel, index } = await setUp(t, {
    intercept(request, response) {
      if (request.headers.range !== undefined) {
        return false;
      }
      response.writeHead(200, { 'content-length': data.length });
      response.write(data.subarray(0, 300_000)); // The rest comes only to those who ask again.
      return true;
    },
  });
  const onBytes = (bytes: number) => {
    if (bytes === 300_000) {
      cancel.abort();
    }
  };
  await assert.rejects(download(wanted, { ...tools, onBytes }), { name: 'AbortError' });
  assert.equal(readFileSync(`${wanted.file}.part`).length, 300_000);
  await download(wanted, { ...tools, signal: new AbortController().signal });
  assert.ok(readFileSync(wanted.file).equals(data));
  assert.equal(index.sentBytes(), 700_000);
});

test('a folder that cannot be written is told as such, not as a fault of the network', async (t) => {
  const { wanted, tools } = await setUp(t);
  writeFileSync(path.join(path.dirname(wanted.file), 'file'), '');
  const file = path.join(path.dirname(wanted.file), 'file', 'a.whl');
  await assert.rejects(download({ ...wanted, file }, tools), { code: 'runtime-disk', remedy: /SKILLET_CACHE/ });
});
