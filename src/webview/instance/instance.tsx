/** The entry of a machine's page: listens to the extension and draws what it tells. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import type { InstanceRef } from '../../common/cloud/instance.ts';
import type { FromInstancePage, ToInstancePage } from '../../common/instanceMessages.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import './instance.css';
import { InstanceApp } from './instanceApp.tsx';

declare function acquireVsCodeApi(): PageHost<FromInstancePage, InstanceRef>;

/** How often ages and costs so far are told anew. */
const AGING_MS = 30_000;

const vscode = acquireVsCodeApi();
const send = (message: FromInstancePage) => vscode.postMessage(message);
let told: ToInstancePage | null = null;
let toldAt = Date.now();

const page = mountPage<ToInstancePage>({
  view: () => <InstanceApp told={told} now={(told?.now ?? 0) + Date.now() - toldAt} send={send} />,
  receive(data) {
    told = data;
    toldAt = Date.now();
    vscode.setState(data.ref); // By which the page is back after a reload.
  },
});

setInterval(page.drawSoon, AGING_MS);
page.draw();
send({ type: 'ready' });
