/** The extension answers in a real VS Code window, in each kind of theme. */
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
