/** Takes up the run that `npm start` began: a small file in the opened folder names it. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

export interface Attachment {
  readonly run: string;
  readonly recipe: string;
}

const FILE = '.skillet/attach.json';

/** Reads and removes the file of each workspace folder; a file that names anything outside its folder is ignored. */
export async function takeAttachments(): Promise<Attachment[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await Promise.all(folders.map(({ uri }) => take(uri.fsPath)));
  return found.filter((attachment) => attachment !== null);
}

async function take(folder: string): Promise<Attachment | null> {
  const file = path.join(folder, FILE);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    return null;
  }
  await rm(file, { force: true });
  const attachment = toAttachment(text);
  const isInside = (target: string) => path.resolve(target).startsWith(folder + path.sep);
  return attachment !== null && isInside(attachment.run) && isInside(attachment.recipe) ? attachment : null;
}

function toAttachment(text: string): Attachment | null {
  try {
    const { run, recipe } = JSON.parse(text) as Partial<Attachment>;
    return typeof run === 'string' && typeof recipe === 'string' ? { run, recipe } : null;
  } catch {
    return null;
  }
}
