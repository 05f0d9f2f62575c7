/** The entry of the run history: listens to the extension and draws at most once a frame. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import type { FromHistoryPage, ToHistoryPage } from '../../common/historyMessages.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import './history.css';
import { HistoryApp } from './historyApp.tsx';
import { emptyModel, receive } from './historyModel.ts';
import { type HistoryView, toView } from './historyView.ts';

declare function acquireVsCodeApi(): PageHost<FromHistoryPage, Kept>;

/** What this page shows, as the window itself keeps it: the extension may be busy, and a reload does not wait for it. */
interface Kept {
  readonly view: HistoryView;
}

const vscode = acquireVsCodeApi();
const model = emptyModel();
let view = toView(undefined);

const send = (message: FromHistoryPage) => vscode.postMessage(message);

function look(next: HistoryView): void {
  view = next;
  vscode.setState({ view });
  send({ type: 'keep', view });
  page.drawSoon();
}

const page = mountPage<ToHistoryPage>({
  view() {
    const { version, arrangement } = model;
    return <HistoryApp {...{ model, version, arrangement, view, look, send }} />;
  },
  receive(data) {
    switch (data.type) {
      case 'view':
        view = toView(vscode.getState()?.view ?? data.view);
        break;
      case 'filter':
        look({ ...view, filter: data.text });
        break;
      default:
        receive(model, data);
    }
  },
});

page.draw();
send({ type: 'ready' });
