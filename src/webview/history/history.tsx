/** The entry of the run history: listens to the extension and draws at most once a frame. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import { render } from 'preact';
import type { FromHistoryPage, ToHistoryPage } from '../../common/historyMessages.ts';
import './history.css';
import { HistoryApp } from './historyApp.tsx';
import { emptyModel, receive } from './historyModel.ts';
import { type HistoryView, toView } from './historyView.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromHistoryPage): void };

const vscode = acquireVsCodeApi();
const model = emptyModel();
const root = document.getElementById('app');
let view = toView(undefined);
let isScheduled = false;

const send = (message: FromHistoryPage) => vscode.postMessage(message);

function look(next: HistoryView): void {
  view = next;
  send({ type: 'keep', view });
  drawSoon();
}

function draw(): void {
  isScheduled = false;
  if (root !== null) {
    const { version, arrangement } = model;
    render(<HistoryApp {...{ model, version, arrangement, view, look, send }} />, root);
  }
}

function drawSoon(): void {
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(draw);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToHistoryPage>) => {
  switch (data.type) {
    case 'view':
      view = toView(data.view);
      break;
    case 'filter':
      look({ ...view, filter: data.text });
      break;
    default:
      receive(model, data);
  }
  drawSoon();
});

draw();
send({ type: 'ready' });
