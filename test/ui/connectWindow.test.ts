/** Getting into a machine in a real VS Code: emulated AWS, and SSH that leads to a server of this computer. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { motoMissing } from '../fixtures/cloud/moto.ts';
import { startTestAws } from '../fixtures/cloud/testAws.ts';
import { startSshMachine } from '../fixtures/ssh/sshMachine.ts';
import { waitFor } from '../fixtures/tempFolder.ts';
import { useWorkbench } from './workbench.ts';

const skip = await motoMissing();

test('a machine is connected to, drilled and left again', { skip }, async (t) => {
  const aws = await startTestAws();
  t.after(aws.stop);
  const machine = await startSshMachine(aws, {
    isSpot: true,
    onCommand: () => ({ stdout: 'notice: written\n', code: 0 }),
  });
  t.after(machine.stop);
  const { page, runCommand, screenshot } = await useWorkbench(t, {
    env: { ...aws.env, HOME: machine.home, SSH_AUTH_SOCK: '' },
    settings: { 'skillet.aws.regions': ['us-east-1'] },
  });
  page.setDefaultTimeout(60_000);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const pick = async (label: string) => {
    await page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
  };
  /** What is told goes from its corner into the list behind the bell after a while. */
  const told = (text: string | RegExp) => page.locator('.notification-list-item', { hasText: text }).first();
  const connect = async (way: string) => {
    await runCommand('Skillet: Connect to Machine');
    await page.locator('.quick-input-widget', { hasText: 'book box' }).waitFor();
    await pick('book box');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: way }).waitFor();
    await screenshot(`connect ways ${way}`);
    await pick(way);
  };

  await connect('Open RStudio');
  const rstudio = told('RStudio on book box is at http://127.0.0.1:');
  await rstudio.waitFor();
  await screenshot('connect RStudio open');
  await runCommand('Notifications: Show Notifications');
  const dialog = page.locator('.monaco-dialog-box');
  assert.match(await rstudio.innerText(), /Sign in as rstudio-user; the first password is the id of the machine\./);
  const url = /http:\S+\//.exec(await rstudio.innerText())?.[0] ?? '';
  assert.match(await (await fetch(url)).text(), /RStudio here/);
  await rstudio.getByRole('button', { name: 'Copy Password' }).click();
  await waitFor(
    'the password in the clipboard',
    async () => (await page.evaluate(() => navigator.clipboard.readText())) === machine.id,
  );
  await page.locator('.statusbar-item', { hasText: 'RStudio on book box' }).waitFor();

  await connect('Add to SSH Config');
  await told('is in the SSH config: connect with ssh skillet-book-box').waitFor();
  assert.match(
    readFileSync(path.join(machine.home, '.ssh/skillet_config'), 'utf8'),
    new RegExp(
      `Host skillet-book-box\n {4}HostName 127\\.0\\.0\\.1\n {4}Port ${machine.server.port}\n {4}User ubuntu\n`,
    ),
  );

  await connect('SSH Terminal');
  await page.locator('.terminal-tabs-entry, .single-terminal-tab', { hasText: 'SSH: book box' }).first().waitFor();
  await waitFor('the terminal to sign in', () => machine.server.signedIn() >= 2);

  await runCommand('Skillet: Drill a Spot Interruption');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'book box' }).waitFor();
  await pick('book box');
  await dialog.filter({ hasText: 'Drill an interruption of book box?' }).waitFor();
  await screenshot('connect drill asks');
  await dialog.getByRole('button', { name: 'Start Drill' }).click();
  await told(/Drill: book box: the provider takes this spot machine back; it will be terminated in/).waitFor();
  assert.match(machine.server.commands.at(-1) ?? '', /"drill":true/);

  await runCommand('Skillet: Stop Tunnel');
  await pick('Stop the Tunnel to RStudio on book box');
  await page.locator('.statusbar-item', { hasText: 'RStudio on book box' }).waitFor({ state: 'detached' });
  await assert.rejects(fetch(url));
});
