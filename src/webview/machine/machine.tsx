/** The entry of the page "This Machine": listens to the extension and draws what it tells. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import { render } from 'preact';
import type { FromMachinePage, ToMachinePage } from '../../common/machineMessages.ts';
import './machine.css';
import { MachineApp } from './machineApp.tsx';
import { emptyMachine, receive } from './machineModel.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromMachinePage): void; setState(state: object): void };

const vscode = acquireVsCodeApi();
const root = document.getElementById('app');
const send = (message: FromMachinePage) => vscode.postMessage(message);
let model = emptyMachine;
let isScheduled = false;

function draw(): void {
  isScheduled = false;
  if (root !== null) {
    render(<MachineApp model={model} send={send} />, root);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToMachinePage>) => {
  model = receive(model, data);
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(draw);
  }
});

draw();
// VS Code brings a page back after a reload only where it has kept something for it.
vscode.setState({});
send({ type: 'ready' });
