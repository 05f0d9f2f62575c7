/**
 * Runs the extension-host tests in a desktop VS Code: the one that VSCODE_EXEC names (the Electron program itself) or
 * that is installed, else a stable one that is downloaded to `.vscode-test/`. Linux without a display needs `xvfb-run`.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { root } from './host/paths.mjs';
import { findCodeProgram } from './testing/desktopCode.mjs';
import { printHostReport } from './testing/hostReport.mjs';
import { copyWorkspace } from './testing/workspace.mjs';

const resultFile = process.env.TEST_RESULT ?? path.join(root, 'out/electron-result.json');
const quiet = ['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-telemetry'];

rmSync(resultFile, { force: true });
const workspace = copyWorkspace(path.join(root, 'recipes'));
try {
  process.exitCode = await runTests({
    vscodeExecutablePath: findCodeProgram(),
    version: process.env.VSCODE_VERSION ?? 'stable',
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'out/host/index.cjs'),
    launchArgs: [workspace.folder, '--disable-extensions', ...quiet],
    extensionTestsEnv: { TEST_RESULT: resultFile },
  });
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  printHostReport(resultFile);
  workspace.remove();
}
