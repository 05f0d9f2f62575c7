/** What package indexes say about their files: JSON or HTML, mirrors, credentials, wrong answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseIndex, fileRequest, listFiles } from '../../../../src/node/runtime/packageIndex.ts';
import { startIndex } from '../../../fixtures/fakeIndex.ts';
import { fakePackage } from '../../../fixtures/fakeWheel.ts';

const project = 'tensorflow-fake';
const { wheels } = fakePackage();
const [{ wheel } = { wheel: undefined }] = wheels;
const { signal } = new AbortController();

for (const format of ['json', 'html'] as const) {
  test(`a page in ${format} gives address, hash and size; relative addresses are resolved`, async (t) => {
    const index = await startIndex(t, wheels, { format });
    assert.deepEqual(await listFiles({ index: index.url, project, fetch, signal }), [
      {
        name: wheel?.file,
        url: index.url.replace(/simple$/, `files/${wheel?.file}`),
        sha256: wheel?.sha256,
        bytes: format === 'json' ? wheel?.bytes : null,
      },
    ]);
    assert.deepEqual(index.requests, ['/simple/tensorflow-fake/']);
  });

  test(`a page in ${format} may publish no hash`, async (t) => {
    const index = await startIndex(t, wheels, { format, publishedHash: null });
    assert.equal((await listFiles({ index: index.url, project, fetch, signal }))[0]?.sha256, null);
  });
}

test('it asks for JSON first and takes HTML', async (t) => {
  let accepted = '';
  const index = await startIndex(t, wheels, {
    intercept(request) {
      accepted = request.headers.accept ?? '';
      return false;
    },
  });
  await listFiles({ index: `${index.url}/`, project, fetch, signal });
  assert.match(accepted, /^application\/vnd\.pypi\.simple\.v1\+json,.*text\/html;q=/);
});

test('after a redirection relative addresses count from where it led', async (t) => {
  const mirror = await startIndex(t, wheels, { format: 'html' });
  const index = await startIndex(t, [], {
    intercept(_request, response) {
      response.writeHead(302, { location: `${mirror.url}/tensorflow-fake/` }).end();
      return true;
    },
  });
  const [file] = await listFiles({ index: index.url, project, fetch, signal });
  assert.equal(file?.url, mirror.url.replace(/simple$/, `files/${wheel?.file}`));
});

test('names and addresses in HTML may be escaped', async (t) => {
  const index = await startIndex(t, [], {
    intercept(_request, response) {
      const page = `<html><a data-requires-python="&gt;=3.10" href='/f/a%2Bb.whl?x=1&amp;y=2#sha256=${'AB'.repeat(32)}'>a+b.whl</a></html>`;
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      return true;
    },
  });
  const [file] = await listFiles({ index: index.url, project, fetch, signal });
  assert.deepEqual(file, {
    name: 'a+b.whl',
    url: `${new URL(index.url).origin}/f/a%2Bb.whl?x=1&y=2`,
    sha256: 'ab'.repeat(32),
    bytes: null,
  });
});

test('a project that is not there, and an answer that is no index, are told apart', async (t) => {
  const index = await startIndex(t, wheels);
  await assert.rejects(listFiles({ index: index.url, project: 'gone', fetch, signal }), {
    code: 'runtime-index',
    message: 'answered 404: it has no gone.',
  });
  for (const [type, body] of [
    ['application/json', '{"hello": 1}'],
    ['text/plain', 'log in first'],
  ]) {
    const wrong = await startIndex(t, [], {
      intercept(_request, response) {
        response.writeHead(200, { 'content-type': type }).end(body);
        return true;
      },
    });
    await assert.rejects(listFiles({ index: wrong.url, project, fetch, signal }), {
      code: 'runtime-index',
      message: /no package index/,
    });
  }
});

test('a password in the address goes into a header, to that host alone, and into no message', async (t) => {
  const seen: (string | undefined)[] = [];
  const index = await startIndex(t, [], {
    intercept(request, response) {
      seen.push(request.headers.authorization);
      response.writeHead(401).end();
      return true;
    },
  });
  const address = index.url.replace('://', '://ada:se%20cret@');
  await assert.rejects(listFiles({ index: address, project, fetch, signal }), (error: Error & { path?: string }) => {
    assert.doesNotMatch(`${error.path} ${error.message}`, /se(%20| )cret/);
    return true;
  });
  const basic = `Basic ${Buffer.from('ada:se cret').toString('base64')}`;
  assert.deepEqual(seen, [basic]);
  assert.deepEqual(fileRequest(address, `${new URL(index.url).origin}/files/a.whl`).headers, { authorization: basic });
  assert.deepEqual(fileRequest(address, 'https://elsewhere.example/a.whl').headers, {});
});

test("the index is the one named, else our variable's, else pip's, else the public one", () => {
  const env = { SKILLET_PACKAGE_INDEX: 'https://ours.example/simple', PIP_INDEX_URL: 'https://pip.example/simple' };
  assert.equal(chooseIndex('https://named.example/simple', env), 'https://named.example/simple');
  assert.equal(chooseIndex('', env), 'https://ours.example/simple');
  assert.equal(chooseIndex('', { PIP_INDEX_URL: env.PIP_INDEX_URL }), 'https://pip.example/simple');
  assert.match(chooseIndex('', {}), /^https:\/\/[^/]+\/simple\/$/);
  for (const wrong of ['pypi', 'file:///wheels', 'ftp://x.example/simple']) {
    assert.throws(() => chooseIndex(wrong, {}), { code: 'runtime-index', path: wrong });
  }
});
