/** Shows what a verification found, beside the editor; a page without scripts. */
import * as vscode from 'vscode';
import type { Verification } from '../../common/capsule/verification.ts';
import { verificationHtml } from '../../common/capsule/verificationHtml.ts';

/** @param shown The capsule's file, for people. */
export function showVerification(result: Verification, shown: string): void {
  const panel = vscode.window.createWebviewPanel(
    'skillet.verification',
    `Verified: ${result.name}`,
    vscode.ViewColumn.Active,
    { enableScripts: false, localResourceRoots: [] },
  );
  panel.webview.html = verificationHtml(result, shown);
}
