/** Check This Machine in a real VS Code: found in the palette, filled line by line, and back after a reload. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planChecks } from '../../src/common/machine/planChecks.ts';
import { useWorkbench } from './workbench.ts';

test('the page of this machine fills, copies its report, and is back after a reload', async (t) => {
  const { page, runCommand, webview, reload, screenshot } = await useWorkbench(t, { theme: 'light' });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await runCommand('Skillet: Check This Machine');
  const settled = async () => {
    await webview()
      .getByRole('status')
      .filter({ hasText: /^(Ready|Not ready): / })
      .waitFor();
    assert.equal(await webview().locator('.check').count(), planChecks(process.platform).length);
    assert.equal(await webview().locator('.check[aria-busy=true]').count(), 0);
  };
  await settled();
  await screenshot('machine in a window');
  await webview().getByRole('button', { name: 'Copy Report' }).click();
  await page.getByText('The report is copied.').waitFor();
  await reload();
  await page.getByRole('tab', { name: 'This Machine' }).waitFor();
  await settled();
});
