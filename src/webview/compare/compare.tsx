/** The entry of a comparison's page: listens to the extension and draws at most once a frame. */
import '../safeLocale.ts';
import 'uplot/dist/uPlot.min.css';
import '@vscode/codicons/dist/codicon.css';
import { render } from 'preact';
import type { ComparePageState, FromComparePage, ToComparePage } from '../../common/compareMessages.ts';
import './compare.css';
import { CompareApp } from './compareApp.tsx';
import { emptyModel, receive } from './compareModel.ts';
import { type CompareView, toView, withRuns } from './compareView.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromComparePage): void;
  setState(state: ComparePageState): void;
  getState(): ComparePageState | undefined;
};

const vscode = acquireVsCodeApi();
const model = emptyModel();
const root = document.getElementById('app');
let view = toView(vscode.getState()?.view);
let version = 0;
let isScheduled = false;

const send = (message: FromComparePage) => vscode.postMessage(message);

function look(next: CompareView): void {
  const { runFolders } = model;
  view = runFolders === null ? next : withRuns(next, runFolders);
  if (runFolders !== null) {
    vscode.setState({ runFolders, view });
  }
  drawSoon();
}

function draw(): void {
  isScheduled = false;
  if (root !== null) {
    render(<CompareApp model={model} version={version} view={view} look={look} send={send} />, root);
  }
}

function drawSoon(): void {
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(draw);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToComparePage>) => {
  receive(model, data);
  version += 1;
  if (data.type === 'runs') {
    look(view);
  }
  drawSoon();
});

draw();
send({ type: 'ready' });
