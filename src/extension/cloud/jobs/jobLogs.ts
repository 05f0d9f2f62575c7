/** A job's log as a read-only document that grows while somebody sees it. */
import * as vscode from 'vscode';
import { LOOK_MS } from '../../../cloud/followJobs.ts';
import { isJobOver, type JobRef } from '../../../common/cloud/job.ts';
import { formatProblem, toProblem } from '../../../common/errors.ts';
import type { JobAccount } from './jobAccount.ts';

const SCHEME = 'skillet-job-log';
const ASK_MS = 30_000;
/** Older lines go: an editor is no place for a log of days. */
const MOST_CHARACTERS = 4_000_000;

export interface JobLogs extends vscode.Disposable {
  open(job: JobRef): Promise<void>;
}

interface OpenLog {
  readonly job: JobRef;
  text: string;
  cursor: string | null;
  isOver: boolean;
  fault: string;
}

export function createJobLogs(account: JobAccount): JobLogs {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const logs = new Map<string, OpenLog>();
  let timer: NodeJS.Timeout | undefined;

  const look = async (uri: vscode.Uri, log: OpenLog): Promise<void> => {
    try {
      const { state } = await account.provider().job(log.job, AbortSignal.timeout(ASK_MS));
      const page = await account.provider().logs(log.job, log.cursor, AbortSignal.timeout(ASK_MS));
      log.cursor = page.cursor;
      log.text = (log.text + page.lines.map(({ at, text }) => `${at}  ${text}\n`).join('')).slice(-MOST_CHARACTERS);
      log.isOver = isJobOver(state) && page.lines.length === 0;
      log.fault = '';
    } catch (error) {
      log.fault = formatProblem(toProblem(error, log.job.id));
    }
    changed.fire(uri);
  };
  const lookAtSeen = async () => {
    for (const { document } of vscode.window.visibleTextEditors) {
      const log = logs.get(document.uri.toString());
      if (log !== undefined && !log.isOver) {
        await look(document.uri, log);
      }
    }
    plan();
  };
  const plan = () => {
    clearTimeout(timer);
    const isAnyLive = [...logs.values()].some(({ isOver }) => !isOver);
    timer = isAnyLive ? setTimeout(() => void lookAtSeen(), LOOK_MS.live) : undefined;
  };
  const parts = [
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => textOf(logs.get(uri.toString())),
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      logs.delete(uri.toString());
    }),
  ];
  return {
    async open(job) {
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${job.region}/${job.id}.log` });
      const log = logs.get(uri.toString()) ?? { job, text: '', cursor: null, isOver: false, fault: '' };
      logs.set(uri.toString(), log);
      await look(uri, log);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { preview: false });
      plan();
    },
    dispose() {
      clearTimeout(timer);
      logs.clear();
      vscode.Disposable.from(...parts).dispose();
    },
  };
}

function textOf(log: OpenLog | undefined): string {
  if (log === undefined) {
    return 'The log is no longer followed: open it again from the Jobs view.\n';
  }
  const end = log.fault !== '' ? `${log.fault}\n` : log.isOver ? '— The job has ended. —\n' : '';
  return log.text === '' && end === '' ? 'The job has printed nothing yet.\n' : log.text + end;
}
