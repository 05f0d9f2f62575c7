/** The panel's entry: listens to the extension and draws at most once a frame. */
import './safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import 'uplot/dist/uPlot.min.css';
import type { FromPanel, ModelPageState, PanelState, ToPanel } from '../common/panelMessages.ts';
import { App } from './app.tsx';
import { mountPage, type PageHost } from './mountPage.ts';
import './panel.css';
import { emptyModel, receive } from './panelModel.ts';

declare function acquireVsCodeApi(): PageHost<FromPanel, PanelState | ModelPageState>;

const vscode = acquireVsCodeApi();
const model = emptyModel();
let taken = 0;

function send(message: FromPanel): void {
  if (message.type === 'pastRuns') {
    model.pastCount = message.count;
    keep();
    page.drawSoon();
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

const page = mountPage<ToPanel>({
  view: () => <App model={model} send={send} />,
  receive(data) {
    receive(model, data);
    taken += data.type === 'events' ? 1 : 0;
    if (data.type === 'recipe' || data.type === 'run') {
      keep();
    }
    if (model.recipe === null && data.type === 'model') {
      vscode.setState({ modelFolder: data.model.folder });
    }
  },
  /** A page that cannot be seen draws nothing, so it takes nothing more and is sent nothing more. */
  onDrawn() {
    if (taken > 0) {
      vscode.postMessage({ type: 'taken', count: taken });
      taken = 0;
    }
  },
});

const kept = vscode.getState();
if (kept !== undefined && 'pastRuns' in kept && kept.pastRuns !== undefined) {
  model.pastCount = kept.pastRuns;
  vscode.postMessage({ type: 'pastRuns', count: kept.pastRuns });
}
page.draw();
send({ type: 'ready' });
