/** The entry of a comparison's page: listens to the extension and draws at most once a frame. */
import '../safeLocale.ts';
import 'uplot/dist/uPlot.min.css';
import '@vscode/codicons/dist/codicon.css';
import type { ComparePageState, FromComparePage, ToComparePage } from '../../common/compareMessages.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import './compare.css';
import { CompareApp } from './compareApp.tsx';
import { emptyModel, receive } from './compareModel.ts';
import { type CompareView, toView, withRuns } from './compareView.ts';

declare function acquireVsCodeApi(): PageHost<FromComparePage, ComparePageState>;

const vscode = acquireVsCodeApi();
const model = emptyModel();
let view = toView(vscode.getState()?.view);
let version = 0;

const send = (message: FromComparePage) => vscode.postMessage(message);

function look(next: CompareView): void {
  const { runFolders } = model;
  view = runFolders === null ? next : withRuns(next, runFolders);
  if (runFolders !== null) {
    vscode.setState({ runFolders, view });
  }
  page.drawSoon();
}

const page = mountPage<ToComparePage>({
  view: () => <CompareApp model={model} version={version} view={view} look={look} send={send} />,
  receive(data) {
    receive(model, data);
    version += 1;
    if (data.type === 'runs') {
      look(view);
    }
  },
});

page.draw();
send({ type: 'ready' });
