/** The entry of the page "New Recipe from Data": listens to the extension and draws what it tells. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import { render } from 'preact';
import type { DataPageState, FromDataPage, ToDataPage } from '../../common/dataMessages.ts';
import type { RecipeChoices } from '../../common/recipe/suggestChoices.ts';
import './data.css';
import { DataApp } from './dataApp.tsx';
import { emptyData, receive } from './dataModel.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromDataPage): void;
  setState(state: DataPageState): void;
  getState?(): DataPageState | undefined;
};

const vscode = acquireVsCodeApi();
const root = document.getElementById('app');
const kept = vscode.getState?.();
const send = (message: FromDataPage) => vscode.postMessage(message);
let model = emptyData;
let isScheduled = false;

function change(choices: RecipeChoices): void {
  model = { ...model, choices };
  draw(); // At once: the next key or click must find what this one chose.
}

function draw(): void {
  isScheduled = false;
  if (root !== null) {
    render(<DataApp model={model} send={send} change={change} />, root);
  }
  if (model.file !== null) {
    vscode.setState({ file: model.file, choices: model.choices });
  }
}

function drawSoon(): void {
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(draw);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToDataPage>) => {
  model = receive(model, data, kept?.choices ?? null);
  drawSoon();
});

draw();
send({ type: 'ready' });
