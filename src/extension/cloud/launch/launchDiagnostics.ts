/** Problems of launch profiles while they are written: faults and warnings at their lines. */
import * as vscode from 'vscode';
import type { Problem } from '../../../common/errors.ts';
import { toRange } from '../../recipes/diagnostics.ts';

const TYPING_MS = 200;
const LAUNCH_FILE = /\.launch\.(?:ya?ml|json)$/;

export function createLaunchDiagnostics(): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('skillet launch');
  const timers = new Map<string, NodeJS.Timeout>();
  const check = async (document: vscode.TextDocument) => {
    if (!LAUNCH_FILE.test(document.uri.path) || document.isClosed) {
      return;
    }
    const { version } = document;
    const { parseLaunchProfile } = await import('../../../common/cloud/launchFile.ts');
    const { problems } = parseLaunchProfile(document.getText());
    if (!document.isClosed && document.version === version) {
      collection.set(document.uri, problems.map(toDiagnostic));
    }
  };
  const checkSoon = ({ document }: vscode.TextDocumentChangeEvent) => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        void check(document);
      }, TYPING_MS),
    );
  };
  const subscriptions = [
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => void check(document)),
    vscode.workspace.onDidChangeTextDocument(checkSoon),
    vscode.workspace.onDidCloseTextDocument((document) => collection.delete(document.uri)),
  ];
  for (const document of vscode.workspace.textDocuments) {
    void check(document);
  }
  return {
    dispose() {
      for (const timer of timers.values()) {
        clearTimeout(timer);
      }
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

function toDiagnostic({ range, path, message, remedy, severity, code }: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    range === undefined ? new vscode.Range(0, 0, 0, 1) : toRange(range),
    `${path}: ${message} ${remedy}`,
    severity === 'warning' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = 'skillet';
  diagnostic.code = code;
  return diagnostic;
}
