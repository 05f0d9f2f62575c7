/** The entry of the page of a sweep: listens to the extension and draws what it tells. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import type { FromSweepPage, ToSweepPage } from '../../common/sweepMessages.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import './sweep.css';
import { SweepApp } from './sweepApp.tsx';
import { emptySweep, receive, select } from './sweepModel.ts';

declare function acquireVsCodeApi(): PageHost<FromSweepPage, object>;

const vscode = acquireVsCodeApi();
let model = emptySweep;

const page = mountPage<ToSweepPage>({
  view: () => (
    <SweepApp
      model={model}
      send={(message) => vscode.postMessage(message)}
      onSelect={(keys, isSelected) => {
        model = select(model, keys, isSelected);
        page.drawSoon();
      }}
    />
  ),
  receive(data) {
    model = receive(model, data);
  },
});

page.draw();
// VS Code brings a page back after a reload only where it has kept something for it.
vscode.setState({});
vscode.postMessage({ type: 'ready' });
