/** A panel that cannot be seen, in a real VS Code: it is told nothing, and has everything when it is shown again. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { epochs, launch, runStart } from '../fixtures/runEvents.ts';
import { toLines, writeRun } from '../fixtures/runFolders.ts';
import { useWorkbench } from './workbench.ts';

/** Everything that the window receives from now on and that holds a word. */
function countReceived(page: Page, word: string): () => number {
  let count = 0;
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      count += payload.includes(word) ? 1 : 0;
    });
  });
  return () => count;
}

test('hidden behind another file, a panel is sent no events; shown again it has all of them', async (t) => {
  const { page, folder, openFile, runCommand, webview, reload } = await useWorkbench(t);
  const runFolder = path.join(folder, '.skillet/runs/2026-11-24T12-00-00-written');
  const recipeFile = path.join(folder, 'boston-housing.recipe.yaml');
  mkdirSync(path.dirname(runFolder), { recursive: true });
  // Of another machine, so that nobody asks here whether its trainer lives.
  writeRun(runFolder, [{ ...launch, host: 'elsewhere', recipeFile }, runStart(), ...epochs(1, 3)]);
  const file = path.join(runFolder, 'events.jsonl');
  const received = countReceived(page, 'epochEnd');
  await reload();
  await openFile('boston-housing.recipe.yaml');
  await runCommand('Skillet: Open Panel');
  await webview().getByText('epoch 3/100').waitFor();
  appendFileSync(file, toLines(epochs(4, 4)));
  await webview().getByText('epoch 4/100').waitFor();
  const shown = received();
  assert.ok(shown >= 2, `${shown} messages reached the window, and were seen`);
  await runCommand('View: Join All Editor Groups');
  await page.getByRole('tab', { name: 'boston-housing.recipe.yaml' }).click();
  await page.locator('iframe.webview.ready').first().waitFor({ state: 'hidden' });
  const hidden = received();
  for (let epoch = 5; epoch <= 60; epoch += 1) {
    appendFileSync(file, toLines(epochs(epoch, epoch)));
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  // The status bar follows the same file, and less often: once it has the epoch, a panel would have been told too.
  await page.locator('.statusbar-item', { hasText: '60/100' }).waitFor();
  assert.equal(received(), hidden);
  await page.getByRole('tab', { name: 'Boston housing' }).click();
  await webview().getByText('epoch 60/100').waitFor();
});
