/** Where the VS Code server, its Node.js and its browser live inside the project. */
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
export const hostDir = path.join(root, 'host');
export const vscodeDir = path.join(hostDir, 'node_modules/code-server/lib/vscode');
export const node24 = path.join(hostDir, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
