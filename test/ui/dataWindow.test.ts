/** New Recipe from Data in a real VS Code: from the palette to the recipe, with what was chosen kept over a reload. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { useWorkbench } from './workbench.ts';

test('a data file is picked, its page keeps its choices over a reload, and its recipe opens', async (t) => {
  const { page, folder, runCommand, webview, reload, screenshot } = await useWorkbench(t);
  await runCommand('Skillet: New Recipe from Data');
  await page.getByPlaceholder('Which CSV file?').fill('boston_housing');
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'boston_housing.csv' }).waitFor();
  await page.keyboard.press('Enter');
  await webview().getByText('506 rows · 14 columns').waitFor();
  await screenshot('data in a window');
  await webview().getByLabel('Predict').selectOption('nox');
  await webview().getByLabel('Name').fill('Air');
  await reload();
  await page.getByRole('tab', { name: 'New Recipe' }).waitFor();
  await webview().getByText('name: Air').waitFor();
  assert.equal(await webview().getByLabel('Predict').inputValue(), 'nox');
  await webview().getByRole('button', { name: 'Create Recipe' }).click();
  await page.getByRole('tab', { name: 'air.recipe.yaml' }).waitFor();
  assert.equal(existsSync(path.join(folder, 'data/air.recipe.yaml')), true);
});
