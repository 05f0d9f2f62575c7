/** Launch profiles as files, and the files that a profile names, by the editor's dialogs. */
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { parseLaunchProfile, printLaunchProfile } from '../../../common/cloud/launchFile.ts';
import type { LaunchProfile } from '../../../common/cloud/launchProfile.ts';
import { formatProblem } from '../../../common/errors.ts';
import type { FromLaunchPage } from '../../../common/launchMessages.ts';

const FILTERS = { 'Launch profiles': ['yaml', 'yml', 'json'] };

/** Where relative files of the form's profile are found. */
export function profileFolder(file: vscode.Uri | null): string {
  return file === null ? startFolder().fsPath : path.dirname(file.fsPath);
}

function startFolder(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
}

/** @returns The file; null where nothing was saved. */
export async function saveProfile(input: unknown, known: vscode.Uri | null): Promise<vscode.Uri | null> {
  const { profile, problems } = parseLaunchProfile(JSON.stringify(input));
  if (profile === null) {
    const list = problems.filter(({ severity }) => severity !== 'warning').map((problem) => formatProblem(problem));
    void vscode.window.showErrorMessage(`The profile is not complete, so it is not saved. ${list[0] ?? ''}`);
    return null;
  }
  const name = `${(profile.name ?? profile.instanceType).replaceAll(/[^\w.-]+/g, '-')}.launch.yaml`;
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: known ?? vscode.Uri.joinPath(startFolder(), name),
    filters: FILTERS,
    saveLabel: 'Save Profile',
  });
  if (chosen === undefined) {
    return null;
  }
  const file = /\.launch\.(?:ya?ml|json)$/.test(chosen.path)
    ? chosen
    : chosen.with({ path: `${chosen.path.replace(/\.(?:ya?ml|json)$/, '')}.launch.yaml` });
  await vscode.workspace.fs.writeFile(file, Buffer.from(printLaunchProfile(profile)));
  void vscode.window
    .showInformationMessage(`The profile is saved in ${vscode.workspace.asRelativePath(file)}.`, 'Open')
    .then((answer) => (answer === 'Open' ? vscode.window.showTextDocument(file) : undefined));
  return file;
}

export async function openProfile(): Promise<{ readonly file: vscode.Uri; readonly profile: LaunchProfile } | null> {
  const [file] =
    (await vscode.window.showOpenDialog({ defaultUri: startFolder(), filters: FILTERS, openLabel: 'Open Profile' })) ??
    [];
  if (file === undefined) {
    return null;
  }
  const { profile, problems } = parseLaunchProfile(Buffer.from(await vscode.workspace.fs.readFile(file)).toString());
  if (profile === null) {
    const [first] = problems;
    const text = first === undefined ? 'It is no launch profile.' : formatProblem(first);
    void vscode.window
      .showErrorMessage(`${path.basename(file.fsPath)} cannot be opened in the form. ${text}`, 'Open the File')
      .then((answer) => (answer === 'Open the File' ? vscode.window.showTextDocument(file) : undefined));
    return null;
  }
  return { file, profile };
}

/** @returns The file as a profile names it, below the home folder with `~`; null when none was chosen. */
export async function choosePath({
  field,
  path: known,
}: Extract<FromLaunchPage, { type: 'choosePath' }>): Promise<string | null> {
  const defaultUri = vscode.Uri.file(
    known === '' ? path.join(homedir(), '.ssh') : known.replace(/^~(?=\/|$)/, homedir()),
  );
  const chosen =
    field === 'keyPair.create.saveTo'
      ? await vscode.window.showSaveDialog({ defaultUri, saveLabel: 'Save the Key Here', title: 'The private key' })
      : (await vscode.window.showOpenDialog({ defaultUri, openLabel: 'Take This Key' }))?.[0];
  if (chosen === undefined) {
    return null;
  }
  const home = `${homedir()}${path.sep}`;
  return chosen.fsPath.startsWith(home)
    ? `~/${path.relative(home, chosen.fsPath).replaceAll('\\', '/')}`
    : chosen.fsPath;
}
