/** A study, as a person sees it in a real VS Code: started, followed, applied to the recipe, and there after a reload. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { tinyCsv, tinyTune } from '../fixtures/tinyRecipe.ts';
import { useWorkbench } from './workbench.ts';

test('Tune Recipe fills the page, the best is applied to the recipe, and a reload brings the page back', async (t) => {
  const workspace = mkdtempSync(path.join(tmpdir(), 'skillet-tune-'));
  t.after(() => rmSync(workspace, { recursive: true, force: true }));
  writeFileSync(path.join(workspace, 'tiny.recipe.yaml'), tinyTune);
  writeFileSync(path.join(workspace, 'tiny.csv'), tinyCsv);
  const { page, webview, runCommand, reload, screenshot } = await useWorkbench(t, {
    workspace,
    open: 'tiny.recipe.yaml',
    viewport: { width: 1700, height: 1000 },
  });
  await runCommand('Skillet: Tune Recipe');
  const frame = webview();
  await frame.locator('.status', { hasText: 'completed' }).waitFor();
  await frame.getByText('4/4 trials').waitFor();
  await frame.locator('.trial.best').waitFor();
  await screenshot('study in the editor');
  await frame.getByRole('button', { name: 'Apply the Best' }).click();
  await frame.getByRole('button', { name: 'In the Recipe' }).waitFor();
  const units = await frame.locator('.trial.best td:nth-child(4)').textContent();
  await page
    .locator('.view-line', { hasText: `units: ${units} }` })
    .first()
    .waitFor();
  await page
    .getByRole('treeitem', { name: /^Tiny, study, completed/ })
    .or(page.locator('.activitybar a[aria-label^="Skillet"]'))
    .first()
    .click();
  await page.getByRole('treeitem', { name: /^Tiny, study, completed/ }).waitFor();
  await reload();
  await webview().getByText('4/4 trials').waitFor();
  // A trial's row opens its run, as any other.
  await webview().getByRole('button', { name: 'Trial 2: open its run' }).click();
  await webview(-1).getByText('epoch 4/4').waitFor();
  await webview().getByRole('button', { name: 'Train the Best Fully' }).click();
  await webview(-1).getByText(`units ${units}`).first().waitFor();
  await webview(-1).locator('.status', { hasText: 'completed' }).waitFor();
});
