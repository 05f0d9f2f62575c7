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
  setState(state: PanelState | ModelPageState): void;
};

const vscode = acquireVsCodeApi();
const model = emptyModel();
const root = document.getElementById('app');
let version = 0;
let isScheduled = false;

const send = (message: FromPanel) => vscode.postMessage(message);

function draw(): void {
  isScheduled = false;
  if (root !== null) {
    render(<App model={model} version={version} send={send} />, root);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
  receive(model, data);
  version += 1;
  if (model.recipe !== null && (data.type === 'recipe' || data.type === 'run')) {
    vscode.setState({ recipeFile: model.recipe.file, runFolder: model.runFolder });
  }
  if (model.recipe === null && data.type === 'model') {
    vscode.setState({ modelFolder: data.model.folder });
  }
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(draw);
  }
});

draw();
send({ type: 'ready' });
