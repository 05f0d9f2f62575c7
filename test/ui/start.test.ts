/** `npm start`, as a newcomer runs it: the terminal trains and tells, and the link opens on the same run. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { launchBrowser } from '../../scripts/host/browser.mjs';
import { root } from '../../scripts/host/paths.mjs';

test('npm start trains in the terminal, prints a link with a key, and the link shows the recipe and the run', async (t) => {
  const child = spawn(process.execPath, ['scripts/start.mjs', '--no-open'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const until = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text);
        if (found !== null) {
          resolve(found[1] ?? found[0]);
        }
      };
      child.stdout.on('data', look);
      void ended.then(() => reject(new Error(`npm start ended\n${text}`)));
      look();
    });
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const link = await until(/(http:\/\/127\.0\.0\.1:\d+\/\?tkn=\S+)/);
  const runFolder = path.resolve(root, await until(/Run folder: (\S+)\n/));
  t.after(() => rmSync(runFolder, { recursive: true, force: true }));
  assert.match(text, /the training mean alone +9\.149/);

  const { origin } = new URL(link);
  assert.equal((await fetch(origin)).status, 403, 'the server answers without the key');
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await page.goto(link);
  await page.getByRole('tab', { name: 'boston-housing.recipe.yaml' }).waitFor();
  const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await frame.getByRole('heading', { name: 'Result' }).waitFor({ timeout: 180_000 });
  await page.screenshot({ path: path.join(root, 'out/screenshots/npm-start.png') });

  child.kill('SIGINT');
  assert.equal(await ended, 0);
});
