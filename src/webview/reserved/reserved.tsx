/** The entry of the page "Reserved Instances": listens to the extension and draws what it tells. */
import '../safeLocale.ts';
import '@vscode/codicons/dist/codicon.css';
import type { FromReservedPage, ToReservedPage } from '../../common/reservedMessages.ts';
import { mountPage, type PageHost } from '../mountPage.ts';
import './reserved.css';
import { ReservedApp } from './reservedApp.tsx';
import { emptyReserved, type KeptReserved, type ReservedModel, receive } from './reservedModel.ts';

declare function acquireVsCodeApi(): PageHost<FromReservedPage, KeptReserved>;

const vscode = acquireVsCodeApi();
const send = (message: FromReservedPage) => vscode.postMessage(message);
let model: ReservedModel = { ...emptyReserved, ...vscode.getState() };

function change(part: Partial<ReservedModel>): void {
  model = { ...model, ...part };
  page.draw(); // At once: the next key or click must find what this one chose.
}

function find(): void {
  const instanceType = model.instanceType.trim();
  if (instanceType !== '' && model.region !== '') {
    change({ ask: model.ask + 1, isAsking: true });
    send({ type: 'find', ask: model.ask, region: model.region, instanceType });
  }
}

const page = mountPage<ToReservedPage>({
  view: () => <ReservedApp model={model} change={change} find={find} send={send} />,
  receive(message) {
    model = receive(model, message);
    if (message.type === 'begin') {
      find();
    }
  },
  onDrawn() {
    const { region, instanceType, hoursPerMonth, count } = model;
    vscode.setState({ region, instanceType, hoursPerMonth, count });
  },
});

page.draw();
send({ type: 'ready' });
