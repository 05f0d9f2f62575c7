/** The extension answers in a real VS Code window, in each kind of theme. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Theme } from './workbench.ts';
import { themes, useWorkbench } from './workbench.ts';

for (const theme of Object.keys(themes) as Theme[]) {
  test(`Show Output opens the output channel of Skillet (${theme})`, async (t) => {
    const { page, runCommand } = await useWorkbench(t, { theme, open: 'data/boston_housing.csv' });
    await page.getByRole('tab', { name: 'boston_housing.csv' }).waitFor();
    await runCommand('Skillet: Show Output');
    const channel = page.getByRole('toolbar', { name: 'Output actions' }).getByLabel('Switch Output');
    await channel.locator('option:checked', { hasText: 'Skillet' }).waitFor({ state: 'attached' });
  });
}

test('an empty folder is offered what makes a recipe, and no command that needs a run or a study', async (t) => {
  const workspace = mkdtempSync(path.join(tmpdir(), 'skillet-empty-'));
  t.after(() => rmSync(workspace, { recursive: true, force: true }));
  const { page } = await useWorkbench(t, { workspace });
  await page.locator('.activitybar').getByRole('tab', { name: 'Skillet' }).click();
  await page.getByText('Every training of a recipe is a run').waitFor();
  const buttons = await page.locator('.sidebar .monaco-button').allInnerTexts();
  assert.deepEqual(buttons, ['Create a Recipe from a Sample…', 'New Recipe from Data…']);
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill('>Skillet: St');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Skillet: Set Up This Machine' }).waitFor();
  const listed = await page.locator('.quick-input-list .monaco-list-row').allInnerTexts();
  assert.deepEqual(
    listed.filter((title) => /Stop|Pause|Resume|Delete|Open Run/.test(title)),
    [],
  );
});
