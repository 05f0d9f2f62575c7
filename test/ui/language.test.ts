/** What a person sees while writing a recipe: the list of what fits, the hover, the light bulb. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/host/paths.mjs';
import { copyWorkspace } from '../../scripts/testing/workspace.mjs';
import { tinyCsv, tinyRecipe } from '../fixtures/tinyRecipe.ts';
import { useWorkbench } from './workbench.ts';

/** What is typed before the box is there would go into the recipe. */
async function goTo(page: Page, place: string): Promise<void> {
  await page.keyboard.press('Control+g');
  const box = page.locator('.quick-input-widget input');
  await box.waitFor();
  await box.pressSequentially(place);
  await page.keyboard.press('Enter');
  await box.waitFor({ state: 'hidden' });
}

for (const theme of ['dark', 'light'] as const) {
  test(`completion, hover and quick fix in a recipe (${theme})`, async (t) => {
    const made = copyWorkspace(path.join(root, 'recipes'));
    t.after(made.remove);
    writeFileSync(path.join(made.folder, 'tiny.csv'), tinyCsv);
    writeFileSync(path.join(made.folder, 'tiny.recipe.yaml'), tinyRecipe.replace('batchSize', 'batchsize'));
    const { page, runCommand, screenshot } = await useWorkbench(t, {
      theme,
      workspace: made.folder,
      open: 'tiny.recipe.yaml',
    });
    await page.locator('.squiggly-error').first().waitFor();

    await goTo(page, '6:15');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+i');
    await page.locator('.monaco-hover-content', { hasText: 'whole number' }).first().waitFor();
    await screenshot(`language-hover-${theme}`);
    await page.keyboard.press('Escape');

    await goTo(page, '6:22');
    await page.keyboard.type(', ');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'activation' }).first().waitFor();
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'kernelInitializer' }).first().waitFor();
    await screenshot(`language-completion-${theme}`);
    await page.keyboard.press('Escape');
    await runCommand('Undo');

    await goTo(page, '7:54');
    // The menu opens only once the problem's fixes are there.
    const fix = page.getByText('Change to batchSize').first();
    while (!(await fix.isVisible())) {
      await page.keyboard.press('Control+.');
      await fix.waitFor({ timeout: 5000 }).catch(() => page.keyboard.press('Escape'));
    }
    await screenshot(`language-fix-${theme}`);
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: /batchSize/ }).waitFor();
  });
}
