/** `skillet fetch`, and a recipe whose data set cannot be had, against a mirror on this machine. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { cliFile, type Finished, startCliWith } from '../../fixtures/cliProcess.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { RECIPES } from '../trainer/support/toRecipe.ts';

/** Runs a command beside the MNIST recipe, with a mirror that has nothing; null, and skipped, where nothing is built. */
async function runAlone(t: TestContext, ...args: string[]): Promise<(Finished & { folder: string }) | null> {
  if (!existsSync(cliFile)) {
    t.skip('dist/cli.mjs is not built: npm run build');
    return null;
  }
  const server = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'mnist.recipe.yaml'), readFileSync(path.join(RECIPES, 'mnist.recipe.yaml')));
  const env = {
    SKILLET_CACHE: path.join(folder, 'cache'),
    SKILLET_DATASET_MIRROR: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist/`,
  };
  return { ...(await startCliWith(t, { folder, env }, args).finished), folder };
}

test('a recipe whose data set cannot be fetched is refused on its line, and no run is made', async (t) => {
  const found = await runAlone(t, 'train', 'mnist.recipe.yaml');
  if (found !== null) {
    assert.equal(found.code, 2, found.stderr);
    assert.match(found.stderr, /Fetching MNIST \(12 MB\) from 127\.0\.0\.1:\d+ into .*datasets.mnist/);
    assert.match(
      found.stderr,
      /mnist\.recipe\.yaml:6:\d+ data\.dataset: train-images-idx3-ubyte\.gz could not be fetched/,
    );
    assert.match(
      found.stderr,
      /answered 404.*t10k-labels-idx1-ubyte\.gz into .*digits\.recipe\.yaml needs no download/,
    );
    assert.equal(existsSync(path.join(found.folder, '.skillet')), false);
  }
});

test('a data set that nobody knows is refused with those that are known', async (t) => {
  const found = await runAlone(t, 'fetch', 'mnits');
  if (found !== null) {
    assert.deepEqual([found.code, found.stdout], [2, '']);
    assert.match(found.stderr, /mnits: is no data set .*mnist, fashionMnist\. \(cli-usage\)/);
  }
});
