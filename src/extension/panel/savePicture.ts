/** Saves a picture that a page has drawn, where a person says. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { FromPanel } from '../../common/panelMessages.ts';

/** @param folder That is offered first. */
export async function savePicture(folder: string, picture: Extract<FromPanel, { type: 'save' }>): Promise<void> {
  const name = picture.suggestedName.replace(/[^\w.-]+/g, '-');
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, `${name}.${picture.format}`)),
    filters: picture.format === 'svg' ? { 'SVG picture': ['svg'] } : { 'PNG picture': ['png'] },
  });
  if (target !== undefined) {
    await writeFile(target.fsPath, picture.content, picture.format === 'svg' ? 'utf8' : 'base64');
  }
}
