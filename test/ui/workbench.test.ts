/** The extension answers in a real VS Code window, in each kind of theme. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Theme } from './workbench.ts';
import { openWorkbench, themes } from './workbench.ts';

for (const theme of Object.keys(themes) as Theme[]) {
  test(`Show Output opens the output channel of Skillet (${theme})`, async () => {
    const workbench = await openWorkbench({ theme, open: 'data/boston_housing.csv' });
    try {
      await workbench.page.getByRole('tab', { name: 'boston_housing.csv' }).waitFor();
      await workbench.runCommand('Skillet: Show Output');
      await workbench.page.locator('.output-view-container, #workbench\\.panel\\.output').first().waitFor();
      const chosen = workbench.page.getByRole('combobox', { name: /output/i }).first();
      assert.match((await chosen.inputValue().catch(() => chosen.textContent())) ?? '', /Skillet/);
      await workbench.screenshot(`output-${theme}`);
    } finally {
      await workbench.close();
    }
  });
}
