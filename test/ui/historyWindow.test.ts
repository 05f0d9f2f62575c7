/** The run history in a real VS Code: tree and table side by side, a delete and its undo, and what a reload keeps. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { writeManyRuns } from '../fixtures/manyRuns.ts';
import { tinyCsv, tinyRecipe } from '../fixtures/tinyRecipe.ts';
import { useWorkbench } from './workbench.ts';

test('runs stand in the view and in the table, are deleted together and brought back, and the filter outlives a reload', async (t) => {
  const workspace = mkdtempSync(path.join(tmpdir(), 'skillet-history-'));
  t.after(() => rmSync(workspace, { recursive: true, force: true }));
  writeFileSync(path.join(workspace, 'tiny.recipe.yaml'), tinyRecipe);
  writeFileSync(path.join(workspace, 'tiny.csv'), tinyCsv);
  const { page, folder, webview, runCommand, reload, screenshot } = await useWorkbench(t, {
    workspace,
    viewport: { width: 1700, height: 1000 },
  });
  await page.locator('.activitybar a[aria-label^="Skillet"]').click();
  await page.getByRole('treeitem', { name: /^Tiny/ }).waitFor();
  writeManyRuns(path.join(folder, '.skillet/runs'), 400, { epochsEach: 2 });
  await page
    .getByRole('treeitem', { name: /^(August|September) 2025, \d+ runs/ })
    .first()
    .waitFor();
  await runCommand('Skillet: Run History');
  const frame = webview();
  await frame.locator('.count', { hasText: /^400$/ }).waitFor();
  await frame.locator('[aria-rowindex="2"] .cell').first().click();
  await frame
    .locator('[aria-rowindex="5"] .cell')
    .first()
    .click({ modifiers: ['Shift'] });
  await frame.getByText('4 selected').waitFor();
  await screenshot('history in the editor');
  await frame.getByRole('button', { name: 'Delete' }).click();
  await frame.locator('.count', { hasText: /^396$/ }).waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await frame.locator('.count', { hasText: /^400$/ }).waitFor();
  await frame.locator('[aria-rowindex="3"] .star').click();
  await frame.locator('[aria-rowindex="3"] .codicon-star-full').waitFor();
  await page.getByRole('treeitem', { name: /^Starred, 1 run$/ }).waitFor();
  await screenshot('history with a star');
  await frame.getByRole('textbox', { name: 'Filter runs' }).fill('status = failed');
  await frame.getByText(/^[1-9]\d of 400$/).waitFor();
  await reload();
  await webview()
    .getByText(/^[1-9]\d of 400$/)
    .waitFor();
});
