/** Charts in lines, as a person sees them: drawn in the editor, live, in every theme, and never in the way. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { epochs, evaluation, launch, runEnd, runStart } from '../fixtures/runEvents.ts';
import { writeRun } from '../fixtures/runFolders.ts';
import { waitFor } from '../fixtures/tempFolder.ts';
import { type Theme, themes, useWorkbench, type Workbench } from './workbench.ts';

const RECIPE = 'boston-housing.recipe.yaml';
const lineOf = (page: Page, text: string) => page.locator('.editor-instance .view-line', { hasText: text }).first();

/** What CSS puts behind a line: the address of the picture and the words. */
async function behind(page: Page, text: string): Promise<{ picture: string; words: string }> {
  return lineOf(page, text).evaluate((line) => {
    const spans = [...line.querySelectorAll('span')];
    const contents = spans.flatMap((span) => [
      getComputedStyle(span, '::before').content,
      getComputedStyle(span, '::after').content,
    ]);
    const picture = contents.find((content) => content.startsWith('url("data:image/svg+xml')) ?? '';
    const words = contents.find((content) => content.startsWith('"') && content.length > 2) ?? '';
    return { picture, words: words.replaceAll('\u00a0', ' ').replaceAll('"', '') };
  });
}

async function untilBehind(
  page: Page,
  text: string,
  isWanted: (found: { picture: string; words: string }) => boolean,
): Promise<{ picture: string; words: string }> {
  for (;;) {
    const found = await behind(page, text);
    if (isWanted(found)) {
      return found;
    }
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

/** Runs of the recipe as trainers of another machine left them, and one that still goes on there. */
function writeRuns({ folder }: Workbench, { isLive }: { isLive: boolean }): void {
  const file = path.join(folder, RECIPE);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/^params: .*$/m, 'params:\n  units: 64\n  learningRate: 0.001'),
  );
  const tried = [
    [32, 0.001, 3.71],
    [128, 0.001, 3.62],
    [64, 0.01, 4.2],
    [64, 0.001, 3.51],
  ] as const;
  tried.forEach(([units, learningRate, rmse], index) => {
    writeRun(path.join(folder, `.skillet/runs/20261124-12000${index}-boston-housing`), [
      { ...launch, recipeFile: file },
      runStart({ params: { units, learningRate } }),
      ...epochs(1, 100, { validation: true }),
      evaluation({ metrics: { rmse } }),
      runEnd,
    ]);
  });
  if (isLive) {
    writeRun(path.join(folder, '.skillet/runs/20261124-130000-boston-housing'), [
      { ...launch, recipeFile: file },
      runStart({ params: { units: 64, learningRate: 0.001 } }),
      ...epochs(1, 63, { validation: true }),
    ]);
  }
}

for (const theme of Object.keys(themes) as Theme[]) {
  test(`Charts stand behind training, metrics and parameters, and a hover draws them large (${theme})`, async (t) => {
    const workbench = await useWorkbench(t, { theme, open: RECIPE });
    const { page } = workbench;
    writeRuns(workbench, { isLive: true });
    await workbench.runCommand('Skillet: Refresh Runs');
    const training = await untilBehind(page, 'train:', ({ words }) => words.includes('epoch 63/100'));
    assert.match(training.words, /^loss [\d.]+ +· val [\d.]+ +· epoch 63\/100$/);
    assert.match(training.picture, /^url\("data:image\/svg\+xml;base64,/);
    // The window lists the runs while they are still being written here: the last of them may come a moment later.
    const { words, picture } = await untilBehind(page, 'units: 64', (found) => /tried 32 .* 128 /.test(found.words));
    assert.equal(words, 'tried 32 → 3.710 · 64 → 3.510 · 128 → 3.620 (test rmse)');
    assert.notEqual(picture, '');
    await untilBehind(page, 'metrics:', (found) => /^[\d.]+ +· val [\d.]+/.test(found.words));
    const image = page.locator('.monaco-hover img[alt="Chart of loss by epoch"]').filter({ visible: true });
    // Lenses come when they come, and move the lines below them: the pointer goes where the chart is by then.
    await waitFor('the large chart', async () => {
      const box = await lineOf(page, 'train:').locator('span[class*="ced-"]').last().boundingBox();
      await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + (box?.height ?? 0) / 2, { steps: 2 });
      return image.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    });
    assert.equal(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth), 420);
  });
}

test('while it trains, the chart changes, the cursor stays and nothing behind it moves', async (t) => {
  const workbench = await useWorkbench(t);
  const { page, folder } = workbench;
  const file = path.join(folder, RECIPE);
  writeFileSync(file, readFileSync(file, 'utf8').replace('epochs: 100', 'epochs: 200000'));
  await workbench.openFile(RECIPE);
  await workbench.runCommand('Skillet: Train Recipe');
  // Before its first epoch a run has words alone, which the chart then moves once.
  await untilBehind(page, 'train:', ({ words, picture }) => words.includes('epoch') && picture !== '');
  // Lenses take lines of their own, once: above the name and above the training.
  await page.locator('.codelens-decoration', { hasText: 'Stop' }).nth(1).waitFor();
  await lineOf(page, 'batchSize').click({ position: { x: 20, y: 8 } });
  const place = async () => JSON.stringify(await page.locator('.editor-instance .cursor').first().boundingBox());
  // The editor replaces a line's elements when its decorations change: one that has just gone has no box.
  const leftOfWords = async (): Promise<number> =>
    (await lineOf(page, 'train:').locator('span[class*="ced-"]').last().boundingBox())?.x ?? leftOfWords();
  const [before, left] = [await place(), await leftOfWords()];
  let seen = await behind(page, 'train:');
  for (let change = 0; change < 5; change += 1) {
    const last = seen;
    seen = await untilBehind(page, 'train:', (found) => found.words !== last.words && found.picture !== last.picture);
    assert.equal(await place(), before);
    assert.equal(await leftOfWords(), left);
  }
});

test('what is typed at the end of a line comes before its chart', async (t) => {
  const workbench = await useWorkbench(t, { open: RECIPE });
  const { page } = workbench;
  writeRuns(workbench, { isLive: false });
  await workbench.runCommand('Skillet: Refresh Runs');
  await untilBehind(page, 'train:', ({ words }) => words.startsWith('loss'));
  await lineOf(page, 'train:').click({ position: { x: 20, y: 8 } });
  await page.keyboard.press('End');
  await page.keyboard.type(' # now');
  const line = lineOf(page, 'train: # now');
  await line.waitFor();
  const isBefore = () =>
    line.evaluate((element) => {
      const spans = [...element.querySelectorAll('span span')];
      return (
        spans.findIndex((span) => span.textContent?.includes('now')) <
        spans.findIndex((span) => span.className.includes('ced-'))
      );
    });
  await waitFor('the chart behind what was typed', isBefore);
  await waitFor('the cursor before the chart', async () => {
    const [cursor, chart] = await Promise.all([
      page.locator('.editor-instance .cursor').first().boundingBox(),
      line.locator('span[class*="ced-"]').first().boundingBox(),
    ]);
    return cursor !== null && chart !== null && cursor.x <= chart.x + 1;
  });
});

test('a script that names a recipe of the folder shows its last run, in a window that opened nothing else', async (t) => {
  const workbench = await useWorkbench(t);
  const { page, folder } = workbench;
  writeRuns(workbench, { isLive: false });
  writeFileSync(
    path.join(folder, 'report.py'),
    `from skillet import train\n\nrun = train("${RECIPE}")\nprint(run.rmse)\n`,
  );
  await page.getByRole('treeitem', { name: 'report.py' }).dblclick();
  // The runs are still being listed: the last of them may come a moment later.
  const isLast = ({ picture, words }: { picture: string; words: string }) => picture !== '' && words.includes('3.510');
  const { words } = await untilBehind(page, 'train("', isLast);
  assert.match(words, /^loss [\d.]+ · val [\d.]+ · test rmse 3\.510$/);
});
