/** The extension is found by VS Code, and its commands exist. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('extension', () => {
  it('activates without an error', async () => {
    const extension = vscode.extensions.getExtension('skillet.skillet');
    assert.ok(extension, 'the extension is not installed in this window');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that it contributes', async () => {
    const extension = vscode.extensions.getExtension('skillet.skillet');
    await extension?.activate();
    const contributed: { command: string }[] = extension?.packageJSON.contributes.commands ?? [];
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.ok(contributed.length > 0);
    assert.deepEqual(
      contributed.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });
});
