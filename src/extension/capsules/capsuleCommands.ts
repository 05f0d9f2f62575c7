/** "Save Capsule…" and "Verify Capsule…". */
import path from 'node:path';
import * as vscode from 'vscode';
import { CAPSULE_ENDING } from '../../common/capsule/capsule.ts';
import { type Verification, verdictText } from '../../common/capsule/verification.ts';
import { toProblem } from '../../common/errors.ts';
import { runOf } from '../commands.ts';
import { findEngineHere } from '../machine/engineHere.ts';
import { fetchDatasetInEditor } from '../machine/fetchDataset.ts';
import type { RunIndex } from '../runs/runIndex.ts';
import { tellProblems } from '../tellProblems.ts';
import { untrusted } from '../training.ts';
import { showVerification } from './verificationPage.ts';

export interface CapsuleParts {
  readonly index: RunIndex;
  readonly trainerFile: string;
  readonly output: vscode.LogOutputChannel;
}

/** `saveCapsule` takes a file as its second argument, `verifyCapsule` as its first: then nobody is asked. */
export function createCapsuleCommands(parts: CapsuleParts): vscode.Disposable {
  const guard = (work: Promise<unknown>) => work.catch((error: unknown) => tell(error, parts.output));
  return vscode.Disposable.from(
    vscode.commands.registerCommand('skillet.saveCapsule', (target: unknown, file: unknown) =>
      guard(saveCapsule(parts, target, file)),
    ),
    vscode.commands.registerCommand('skillet.verifyCapsule', (file: unknown) => guard(verify(parts, file))),
  );
}

async function saveCapsule({ index }: CapsuleParts, target: unknown, given: unknown): Promise<vscode.Uri | null> {
  const run = await runOf(index, target, ['completed', 'stopped', 'failed', 'interrupted']);
  if (run === null) {
    return null;
  }
  const { makeCapsule, writeCapsule } = await import('../../node/capsule/makeCapsule.ts');
  const withData = given instanceof vscode.Uri ? false : await askForData();
  if (withData === null) {
    return null;
  }
  const { capsule, rootFolder, notes } = await makeCapsule(run.runFolder, { withData, now: new Date() });
  const name = `${path.basename(run.runFolder)}${CAPSULE_ENDING}`;
  const file =
    given instanceof vscode.Uri
      ? given
      : await vscode.window.showSaveDialog({
          defaultUri: vscode.Uri.file(path.join(rootFolder, name)),
          filters: { Capsules: ['capsule.json', 'json'] },
          saveLabel: 'Save Capsule',
        });
  if (file === undefined) {
    return null;
  }
  await writeCapsule(capsule, file.fsPath);
  const check = 'Verify';
  const more = notes.length === 0 ? '' : ` ${notes.join(' ')}`;
  // Not awaited: the message stays until somebody answers it.
  void vscode.window.showInformationMessage(`The capsule is in ${file.fsPath}.${more}`, check).then((answer) => {
    if (answer === check) {
      void vscode.commands.executeCommand('skillet.verifyCapsule', file);
    }
  });
  return file;
}

/** Null: cancelled. */
async function askForData(): Promise<boolean | null> {
  const items = [
    {
      label: 'Without the data',
      detail: 'The capsule names each file by its hash; whoever verifies it needs the same files.',
      withData: false,
    },
    { label: 'With the data', detail: 'One file is all that a stranger needs; up to 10 MB of data.', withData: true },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Save Capsule', placeHolder: 'What goes into it?' });
  return picked?.withData ?? null;
}

async function verify(parts: CapsuleParts, given: unknown, goesOn = false): Promise<Verification | null> {
  const { trainerFile, output } = parts;
  const file = given instanceof vscode.Uri ? given : await chooseCapsule();
  if (file === undefined) {
    return null;
  }
  if (!vscode.workspace.isTrusted) {
    throw untrusted(file.fsPath);
  }
  const { readCapsule, verifyCapsule } = await import('../../node/capsule/verifyCapsule.ts');
  const capsule = await readCapsule(file.fsPath);
  const engine = await findEngineHere();
  const title = `Verifying ${capsule.name}`;
  const location = vscode.ProgressLocation.Notification;
  const result = await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => cancel.abort());
    let shown = 0;
    try {
      return await verifyCapsule(capsule, {
        capsuleFile: file.fsPath,
        rootFolder: path.dirname(file.fsPath),
        isModuleAllowed: vscode.workspace.isTrusted,
        goesOn,
        trainerFile,
        // In the desktop this is Electron, which startTrainer asks to be a plain Node.
        execPath: process.execPath,
        engine,
        prepareDataset: (name) => fetchDatasetInEditor(name, output),
        now: new Date(),
        monotonicMs: () => performance.now(),
        signal: cancel.signal,
        onProgress({ steps, of }) {
          const share = of === 0 ? 0 : Math.min(100, Math.floor((100 * steps) / of));
          if (share > shown) {
            progress.report({ increment: share - shown, message: `${share} % of ${of.toLocaleString('en-US')} steps` });
            shown = share;
          }
        },
      });
    } catch (error) {
      if (cancel.signal.aborted) {
        return null;
      }
      throw error;
    }
  });
  if (result !== null) {
    showVerification(result, vscode.workspace.asRelativePath(file));
    offerRest(parts, file, result);
  }
  return result;
}

/** Training ends at the first difference; where the curves go after it is for those who ask. */
function offerRest(parts: CapsuleParts, file: vscode.Uri, result: Verification): void {
  if (!result.isCutShort) {
    return;
  }
  const goOn = 'Go On';
  // Not awaited: the message stays until somebody answers it.
  void vscode.window.showWarningMessage(`${result.name}: ${verdictText(result)}`, goOn).then(async (answer) => {
    if (answer === goOn) {
      await verify(parts, file, true).catch((error: unknown) => tell(error, parts.output));
    }
  });
}

async function chooseCapsule(): Promise<vscode.Uri | undefined> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      title: 'Capsule to Verify',
      openLabel: 'Verify',
      filters: { Capsules: ['json'] },
    })) ?? [];
  return picked;
}

async function tell(error: unknown, output: vscode.LogOutputChannel): Promise<void> {
  const { RefusedRecipe } = await import('../../node/createRun.ts');
  const problems = error instanceof RefusedRecipe ? error.problems : [toProblem(error, 'capsule')];
  for (const { path: field, message, remedy, code } of problems) {
    output.error(`${field}: ${message} ${remedy} (${code})`);
  }
  tellProblems(problems);
}
