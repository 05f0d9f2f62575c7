/** The entry of a study's page: listens to the extension and draws at most once a frame. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import { render } from 'preact';
import type { FromStudyPage, StudyPageState, ToStudyPage } from '../../common/studyMessages.ts';
import './study.css';
import { StudyApp } from './studyApp.tsx';
import { emptyModel, receive } from './studyModel.ts';
import { type StudyView, toView } from './studyView.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromStudyPage): void;
  setState(state: StudyPageState): void;
  getState(): StudyPageState | undefined;
};

const vscode = acquireVsCodeApi();
const model = emptyModel();
const root = document.getElementById('app');
let view = toView(vscode.getState()?.view);
let version = 0;
let isScheduled = false;

const send = (message: FromStudyPage) => vscode.postMessage(message);

function keep(): void {
  if (model.studyFolder !== null) {
    vscode.setState({ studyFolder: model.studyFolder, view });
  }
}

function look(next: StudyView): void {
  view = next;
  keep();
  drawSoon();
}

function draw(): void {
  isScheduled = false;
  if (root !== null) {
    render(<StudyApp model={model} version={version} view={view} look={look} send={send} />, root);
  }
}

function drawSoon(): void {
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(draw);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToStudyPage>) => {
  // Another study has other axes.
  if (data.type === 'study' && model.studyFolder !== null && model.studyFolder !== data.studyFolder) {
    view = toView(undefined);
  }
  receive(model, data);
  version += 1;
  if (data.type === 'study') {
    keep();
  }
  drawSoon();
});

draw();
send({ type: 'ready' });
