/** Fills a panel with the page that a bundle draws. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Name of a script and its style sheet, without their endings. */
type Bundle =
  | 'panel'
  | 'machine'
  | 'data'
  | 'study'
  | 'compare'
  | 'history'
  | 'instance'
  | 'sweep'
  | 'launch'
  | 'reserved';

/** Gives a new panel, or one that is brought back, its icon and its page. Nothing but the bundles can be loaded in it. */
export function fillPage(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, bundle: Bundle): void {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist/webview');
  const picture = (name: string) => vscode.Uri.joinPath(extensionUri, 'media', name);
  panel.iconPath = { light: picture('panel-light.svg'), dark: picture('panel-dark.svg') };
  panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
  panel.webview.html = pageHtml(panel.webview, folder, bundle);
}

function pageHtml(webview: vscode.Webview, folder: vscode.Uri, bundle: Bundle): string {
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
