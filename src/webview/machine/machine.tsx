/** The entry of the page "This Machine": listens to the extension and draws what it tells. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import type { FromMachinePage, ToMachinePage } from '../../common/machineMessages.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import './machine.css';
import { MachineApp } from './machineApp.tsx';
import { emptyMachine, receive } from './machineModel.ts';

declare function acquireVsCodeApi(): PageHost<FromMachinePage, object>;

const vscode = acquireVsCodeApi();
const send = (message: FromMachinePage) => vscode.postMessage(message);
let model = emptyMachine;

const page = mountPage<ToMachinePage>({
  view: () => <MachineApp model={model} send={send} />,
  receive(data) {
    model = receive(model, data);
  },
});

page.draw();
// VS Code brings a page back after a reload only where it has kept something for it.
vscode.setState({});
send({ type: 'ready' });
