/** The panel's entry: listens to the extension and draws at most once a frame. */
import './safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import type { FromPanel, ModelPageState, PanelState, ToPanel } from '../common/panelMessages.ts';
import { App } from './app.tsx';
import './panel.css';
import { emptyModel, receive } from './panelModel.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPanel): void;
  getState(): PanelState | ModelPageState | undefined;
  setState(state: PanelState | ModelPageState): void;
};

const vscode = acquireVsCodeApi();
const model = emptyModel();
const root = document.getElementById('app');
let taken = 0;
let isScheduled = false;

function send(message: FromPanel): void {
  if (message.type === 'pastRuns') {
    model.pastCount = message.count;
    keep();
    schedule();
  }
  vscode.postMessage(message);
}

/** For a page that is brought back. */
function keep(): void {
  if (model.recipe !== null) {
    const { recipe, runFolder, pastCount } = model;
    vscode.setState({ recipeFile: recipe.file, runFolder, pastRuns: pastCount });
  }
}

/** A page that cannot be seen has no frames: it draws nothing, takes nothing more, and so is sent nothing more. */
function schedule(): void {
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(draw);
  }
}

function draw(): void {
  isScheduled = false;
  if (root !== null) {
    render(<App model={model} send={send} />, root);
  }
  if (taken > 0) {
    vscode.postMessage({ type: 'taken', count: taken });
    taken = 0;
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
  receive(model, data);
  taken += data.type === 'events' ? 1 : 0;
  if (data.type === 'recipe' || data.type === 'run') {
    keep();
  }
  if (model.recipe === null && data.type === 'model') {
    vscode.setState({ modelFolder: data.model.folder });
  }
  schedule();
});

const kept = vscode.getState();
if (kept !== undefined && 'pastRuns' in kept && kept.pastRuns !== undefined) {
  model.pastCount = kept.pastRuns;
  vscode.postMessage({ type: 'pastRuns', count: kept.pastRuns });
}
draw();
send({ type: 'ready' });
