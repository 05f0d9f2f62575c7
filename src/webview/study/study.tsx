/** The entry of a study's page: listens to the extension and draws at most once a frame. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import type { FromStudyPage, StudyPageState, ToStudyPage } from '../../common/studyMessages.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import './study.css';
import { StudyApp } from './studyApp.tsx';
import { emptyModel, receive } from './studyModel.ts';
import { type StudyView, toView } from './studyView.ts';

declare function acquireVsCodeApi(): PageHost<FromStudyPage, StudyPageState>;

const vscode = acquireVsCodeApi();
const model = emptyModel();
let view = toView(vscode.getState()?.view);
let version = 0;

const send = (message: FromStudyPage) => vscode.postMessage(message);

function keep(): void {
  if (model.studyFolder !== null) {
    vscode.setState({ studyFolder: model.studyFolder, view });
  }
}

function look(next: StudyView): void {
  view = next;
  keep();
  page.drawSoon();
}

const page = mountPage<ToStudyPage>({
  view: () => <StudyApp model={model} version={version} view={view} look={look} send={send} />,
  receive(data) {
    // Another study has other axes.
    if (data.type === 'study' && model.studyFolder !== null && model.studyFolder !== data.studyFolder) {
      view = toView(undefined);
    }
    receive(model, data);
    version += 1;
    if (data.type === 'study') {
      keep();
    }
  },
});

page.draw();
send({ type: 'ready' });
