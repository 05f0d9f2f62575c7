/** The page that a webview's script fills. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * @param folder Where the bundles lie; nothing else can be loaded.
 * @param bundle Name of the script and the style sheet, without their endings.
 */
export function pageHtml(
  webview: vscode.Webview,
  folder: vscode.Uri,
  bundle: 'panel' | 'machine' | 'data' | 'study' | 'compare' | 'history',
): string {
  const nonce = randomBytes(16).toString('base64');
  const source = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const policy = [
    `default-src 'none'`,
    `img-src ${webview.cspSource} data:`,
    `font-src ${webview.cspSource}`,
    `style-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
    `worker-src blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${source(`${bundle}.css`)}">
<title>Skillet</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${source(`${bundle}.js`)}"></script>
</body>
</html>`;
}
