/** Setting a machine up in VS Code: the choice, the plan, the consent, and what is told when it fails or is removed. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CATALOGUE } from '../../src/node/runtime/catalogue.ts';
import { startIndex } from '../fixtures/fakeIndex.ts';
import { tempFolder } from '../fixtures/tempFolder.ts';
import { useWorkbench } from './workbench.ts';

test('setting up shows the plan, asks, and tells an index that has another file', async (t) => {
  const wanted = CATALOGUE.find(
    (one) => one.platform === `${process.platform}-${process.arch}` && one.flavour === 'cpu',
  );
  const [wheel] = wanted?.wheels ?? [];
  if (wheel === undefined) {
    t.skip('TensorFlow is not published for this platform');
    return;
  }
  const cache = path.join(tempFolder(t), 'cache');
  const index = await startIndex(t, [{ wheel, data: Buffer.from('x') }], { publishedHash: 'ab'.repeat(32) });
  const env = { SKILLET_CACHE: cache, SKILLET_PACKAGE_INDEX: index.url };
  const { page, runCommand, screenshot } = await useWorkbench(t, { env });

  await runCommand('Skillet: Set Up This Machine…');
  const choice = page.locator('.quick-input-list .monaco-list-row', { hasText: 'trains on the processor' });
  await choice.filter({ hasText: /\d+ MB to fetch, \d+ MB on the disk/ }).waitFor();
  await screenshot('set-up-choice');
  await choice.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(new URL(index.url).host).waitFor();
  assert.match((await dialog.textContent()) ?? '', /Install TensorFlow [\d.]+ for the CPU\?.*Apache License 2\.0/s);
  assert.deepEqual(index.requests, [], 'nothing is asked for before a person agrees');
  await screenshot('set-up-consent');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual([index.requests, existsSync(cache)], [[], false]);

  await runCommand('Skillet: Set Up This Machine…');
  await choice.click();
  await dialog.getByRole('button', { name: 'Install' }).click();
  await page.locator('.notification-toast', { hasText: 'is another file on 127.0.0.1' }).first().waitFor();
  assert.deepEqual(readdirSync(path.join(cache, 'runtime')), []);
});

test('removing asks first and tells how much room it gave back', async (t) => {
  const cache = path.join(tempFolder(t), 'cache');
  mkdirSync(path.join(cache, 'downloads'), { recursive: true });
  writeFileSync(path.join(cache, 'downloads/a.whl.part'), Buffer.alloc(1_200_000));
  const { page, runCommand, screenshot } = await useWorkbench(t, { env: { SKILLET_CACHE: cache } });
  await runCommand('Skillet: Remove the TensorFlow Runtime');
  const dialog = page.getByRole('dialog');
  await dialog.getByText(cache).waitFor();
  await screenshot('remove-runtime');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.locator('.notification-toast', { hasText: '1.2 MB are free again' }).waitFor();
  assert.equal(existsSync(cache), false);
});
