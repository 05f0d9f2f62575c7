/** Launch profiles in the editor: their faults and warnings stand at their lines. */
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { skillet, until, useTinyWorkspace } from './support.ts';

describe('launch profiles in the editor', () => {
  const makeWorkspace = useTinyWorkspace();

  it('a fault is told at its line, and goes when it is mended', async () => {
    await skillet();
    const { folder } = makeWorkspace();
    const file = vscode.Uri.file(path.join(folder, 'p2.launch.yaml'));
    const text = [
      'region: us-east-1',
      'instanceType: g5.xlarge',
      'image: { id: { id: ami-1 } }',
      'volumes: [{ device: root, sizeGb: 10, iops: 10 }]',
      'securityGroup: { existing: { ids: [sg-01] } }',
      '',
    ].join('\n');
    await vscode.workspace.fs.writeFile(file, Buffer.from(text));
    const document = await vscode.workspace.openTextDocument(file);
    const editor = await vscode.window.showTextDocument(document);
    const [fault] = await until(() => {
      const found = vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'skillet');
      return found.length > 0 && found;
    });
    assert.deepEqual([fault?.range.start.line, fault?.code], [3, 'cloud-profile']);
    const at = text.indexOf(', iops: 10');
    await editor.edit((edit) =>
      edit.delete(new vscode.Range(document.positionAt(at), document.positionAt(at + ', iops: 10'.length))),
    );
    await until(() => vscode.languages.getDiagnostics(file).every(({ source }) => source !== 'skillet'));
    await document.save();
  });
});
