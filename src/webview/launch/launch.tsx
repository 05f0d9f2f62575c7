/** The entry of the page "Launch GPU Instance": listens to the extension and draws what it tells. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import type { FromLaunchPage, ToLaunchPage } from '../../common/launchMessages.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import { createForm } from './createForm.ts';
import type { KeptForm } from './form.ts';
import './launch.css';
import { LaunchApp } from './launchApp.tsx';

declare function acquireVsCodeApi(): PageHost<FromLaunchPage, KeptForm>;

const vscode = acquireVsCodeApi();
const send = (message: FromLaunchPage) => vscode.postMessage(message);
// At once: the next key or click must find what this one chose.
const form = createForm(vscode.getState() ?? {}, { send, draw: () => page.draw() });

const page = mountPage<ToLaunchPage>({
  view: () => <LaunchApp form={form.form()} />,
  receive: form.receive,
  onDrawn: () => vscode.setState(form.kept()),
});

page.draw();
const { account } = form.kept().draft;
send({ type: 'ready', account: account === '' ? null : account });
