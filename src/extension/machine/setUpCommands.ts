/** "Set Up This Machine…" and "Remove the TensorFlow Runtime". */
import * as vscode from 'vscode';
import { toProblem } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import { machineHere } from './engineHere.ts';

export interface SetUpParts {
  /** The probe's bundle. */
  readonly probeFile: string;
  readonly output: vscode.LogOutputChannel;
  /** Called when a TensorFlow was installed or removed. */
  onChange(): void;
}

export function createSetUpCommands(parts: SetUpParts): vscode.Disposable {
  const commands: Record<string, () => Promise<void>> = {
    'skillet.setUpMachine': async () => {
      const { setUpMachine } = await import('./setUpMachine.ts');
      await setUpMachine(parts);
    },
    'skillet.removeRuntime': () => removeRuntime(parts),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, () => run().catch((error: unknown) => tell(error, parts.output))),
    ),
  );
}

function tell(error: unknown, output: vscode.LogOutputChannel): void {
  const { path, message, remedy, code } = toProblem(error, 'setup');
  output.error(`${path}: ${message} ${remedy} (${code})`);
  const show = 'Show Output';
  // Not awaited: the message stays until somebody answers it. A button also makes VS Code show all of its lines.
  void vscode.window.showErrorMessage(`${path}: ${message} ${remedy}`, show).then((answer) => {
    if (answer === show) {
      output.show();
    }
  });
}

async function removeRuntime({ onChange }: SetUpParts): Promise<void> {
  const { findCacheFolder } = await import('../../node/runtime/cacheFolder.ts');
  const { uninstallRuntime } = await import('../../node/runtime/uninstallRuntime.ts');
  const cacheFolder = findCacheFolder(machineHere());
  const remove = 'Remove';
  const answer = await vscode.window.showWarningMessage(
    'Remove the TensorFlow that Skillet has installed?',
    {
      modal: true,
      detail: `It lies in ${cacheFolder}. Recipes train without it on WebAssembly or WebGPU; "Set Up This Machine" brings it back.`,
    },
    remove,
  );
  if (answer === remove) {
    const { freedBytes } = await uninstallRuntime(cacheFolder);
    onChange();
    void vscode.window.showInformationMessage(
      freedBytes === 0
        ? 'No TensorFlow was installed.'
        : `TensorFlow is removed: ${formatBytes(freedBytes)} are free again.`,
    );
  }
}
