/** The entry of the page "New Recipe from Data": listens to the extension and draws what it tells. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import type { DataPageState, FromDataPage, ToDataPage } from '../../common/dataMessages.ts';
import type { RecipeChoices } from '../../common/recipe/suggestChoices.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import './data.css';
import { DataApp } from './dataApp.tsx';
import { emptyData, receive } from './dataModel.ts';

declare function acquireVsCodeApi(): PageHost<FromDataPage, DataPageState>;

const vscode = acquireVsCodeApi();
const kept = vscode.getState();
const send = (message: FromDataPage) => vscode.postMessage(message);
let model = emptyData;

function change(choices: RecipeChoices): void {
  model = { ...model, choices };
  page.draw(); // At once: the next key or click must find what this one chose.
}

const page = mountPage<ToDataPage>({
  view: () => <DataApp model={model} send={send} change={change} />,
  receive(data) {
    model = receive(model, data, kept?.choices ?? null);
  },
  onDrawn() {
    if (model.file !== null) {
      vscode.setState({ file: model.file, choices: model.choices });
    }
  },
});

page.draw();
send({ type: 'ready' });
