/**
 * Runs the extension-host tests in the VS Code server from npm, shown by a headless browser. Needs Node.js 24. With an
 * argument, only those files whose path holds it.
 */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { launchBrowser } from './host/browser.mjs';
import { root } from './host/paths.mjs';
import { serveVsCode } from './host/serve.mjs';
import { printHostReport } from './testing/hostReport.mjs';
import { copyWorkspace } from './testing/workspace.mjs';

const limitMs = 15 * 60_000;
/** @type {string[]} What VS Code logged as errors; shown where the tests could not say themselves what went wrong. */
const errors = [];
const resultFile = process.env.TEST_RESULT ?? path.join(root, 'out/host-result.json');

rmSync(resultFile, { force: true });
const workspace = copyWorkspace(path.join(root, 'recipes'));
const env = { TEST_RESULT: resultFile, TEST_FILTER: process.argv[2] ?? '' };
const server = await serveVsCode({ driver: 'smokeTest', env });
try {
  const { code, problem } = await runSuite();
  printHostReport(resultFile);
  if (!existsSync(resultFile)) {
    console.error(errors.join('\n'));
  }
  if (problem !== undefined) {
    console.error(`extension-host tests: ${problem}\n${server.log()}`);
  }
  process.exitCode = code;
} finally {
  await server.stop();
  workspace.remove();
}

/** @returns {Promise<{ code: number, problem?: string }>} */
async function runSuite() {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const finished = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', keepErrors);
    await page.goto(
      server.url(workspace.folder, [
        ['extensionDevelopmentPath', server.uri(root)],
        ['extensionTestsPath', server.uri(path.join(root, 'out/host/index.cjs'))],
      ]),
    );
    return await Promise.race([
      finished.then((code) => ({ code: Number(code) })),
      server.exited.then(() => ({ code: 1, problem: 'the VS Code server ended' })),
      timeout().then(() => ({ code: 1, problem: `no end within ${limitMs / 1000} s` })),
    ]);
  } finally {
    await browser.close();
  }
}

/**
 * @param {string} type
 * @param {unknown[]} args
 */
function keepErrors(type, args) {
  if (type === 'error') {
    errors.push(format(...args));
  }
}

async function timeout() {
  const limit = AbortSignal.timeout(limitMs);
  await new Promise((resolve) => limit.addEventListener('abort', resolve));
}
