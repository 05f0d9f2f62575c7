/** What a person sees of the diagnoses of a run: in the panel, in Problems and in the light bulb's menu. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';
import { copyWorkspace } from '../../scripts/testing/workspace.mjs';
import { diagnose } from '../../src/common/run/diagnosis/diagnose.ts';
import { emptyRun, reduceRun } from '../../src/common/run/reduceRun.ts';
import { provokedRun } from '../fixtures/provoked.ts';
import { recipe } from '../fixtures/runEvents.ts';
import { openPanelPage } from './panelPage.ts';
import { useWorkbench } from './workbench.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`the panel tells a few diagnoses, each with the way to its line (${theme})`, async (t) => {
    const { page, post, said } = await openPanelPage(browser, { theme });
    t.after(() => page.close());
    const runs = ['overfit-classes', 'few-validation', 'unfinished'].map(provokedRun);
    const diagnoses = runs.flatMap((run) => diagnose(run.events.reduce(reduceRun, emptyRun()), run.recipe));
    await post(
      { type: 'recipe', recipe: recipe(), pastRuns: [] },
      { type: 'run', runFolder: '/run', params: [] },
      { type: 'events', events: [...(runs[0]?.events ?? [])] },
      { type: 'diagnoses', diagnoses },
    );
    const list = page.getByRole('list', { name: 'Diagnoses of the run' });
    await list.getByText('Overfitting since epoch 9').waitFor();
    assert.equal(await list.getByRole('listitem').count(), 3);
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `diagnoses-panel-${theme}.png`) });
    await list.getByRole('button', { name: 'Show in recipe' }).first().click();
    assert.deepEqual((await said()).at(-1), { type: 'reveal', path: 'train.epochs' });
    await post({ type: 'run', runFolder: '/another', params: [] });
    await list.waitFor({ state: 'detached' });
  });
}

test('overfitting stands in Problems on its line, and the light bulb mends it', async (t) => {
  const made = copyWorkspace(path.join(root, 'recipes'));
  t.after(made.remove);
  const { text } = provokedRun('overfit-classes');
  writeFileSync(path.join(made.folder, 'big.recipe.yaml'), text.replace('../../../recipes/', ''));
  const { page, runCommand, screenshot } = await useWorkbench(t, {
    workspace: made.folder,
    open: 'big.recipe.yaml',
    settings: { 'skillet.device': 'wasm' },
  });
  await page.locator('.view-line', { hasText: 'epochs: 40' }).waitFor();
  await runCommand('Skillet: Train Recipe');
  await page.locator('.squiggly-warning').first().waitFor();
  await runCommand('Problems: Focus on Problems View');
  await page.locator('.markers-panel', { hasText: 'Overfitting since epoch' }).waitFor();
  await screenshot('diagnoses-problems');
  await page.locator('.markers-panel .monaco-list-row', { hasText: 'Overfitting since epoch' }).first().dblclick();
  const fix = page.getByText('Add earlyStopping: val_loss').first();
  while (!(await fix.isVisible())) {
    await page.keyboard.press('Control+.');
    await fix.waitFor({ timeout: 5000 }).catch(() => page.keyboard.press('Escape'));
  }
  await screenshot('diagnoses-fix');
  await page.keyboard.press('Enter');
  await page.locator('.view-line', { hasText: 'restoreBestWeights' }).waitFor();
  await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
});
