/** Brings followed jobs into their folders while the window is open, so that their runs stand among the others. */
import * as vscode from 'vscode';
import { followJob } from '../../../cloud/followJobs.ts';
import { isJobOver, type JobRef } from '../../../common/cloud/job.ts';
import { formatProblem, toProblem } from '../../../common/errors.ts';
import type { JobAccount } from './jobAccount.ts';

export interface JobFollowers extends vscode.Disposable {
  /** Settles after the first look. */
  follow(job: JobRef, folder: string): Promise<void>;
  /** Goes on with those that were followed when the window was closed. */
  resume(): void;
  isFollowed(job: JobRef): boolean;
}

export interface FollowerParts {
  readonly account: JobAccount;
  readonly memento: vscode.Memento;
  readonly output: vscode.LogOutputChannel;
  isViewVisible(): boolean;
}

interface Followed {
  readonly job: JobRef;
  readonly folder: string;
}

const KEPT = 'skillet.jobs.followed';
const keyOf = ({ provider, region, id }: JobRef) => `${provider}/${region}/${id}`;

export function createJobFollowers({ account, memento, output, isViewVisible }: FollowerParts): JobFollowers {
  const following = new Map<string, Promise<void>>();
  const ended = new AbortController();
  const keep = (change: (kept: readonly Followed[]) => readonly Followed[]) =>
    memento.update(KEPT, change(memento.get<readonly Followed[]>(KEPT, [])));
  const others = (job: JobRef) => (kept: readonly Followed[]) => kept.filter((one) => keyOf(one.job) !== keyOf(job));

  const begin = (job: JobRef, folder: string): Promise<void> =>
    new Promise((resolve) => {
      let state = '';
      void followJob({
        ...{ provider: account.provider(), job, folder, signal: ended.signal },
        isWatched: () => isViewVisible() || isRunPanelVisible(),
        onLook(found) {
          if (found.state !== state) {
            state = found.state;
            output.info(`${job.id}: ${state}${found.reason === null ? '' : `: ${found.reason}`}`);
            void account.list()?.refresh();
          }
          if (isJobOver(found.state)) {
            void keep(others(job));
            void vscode.commands.executeCommand('skillet.refreshRuns');
          }
          resolve();
        },
        onFault(error) {
          output.warn(`${job.id}: ${formatProblem(toProblem(error, job.id))}`);
          resolve();
        },
      })
        .catch((error: unknown) => {
          void keep(others(job));
          const { message, remedy } = toProblem(error, job.id);
          output.error(`${job.id}: ${message}`);
          void vscode.window.showErrorMessage(`${job.id}: ${message} ${remedy}`);
        })
        .finally(() => {
          following.delete(keyOf(job));
          resolve();
        });
    });
  const follow = (job: JobRef, folder: string): Promise<void> => {
    const known = following.get(keyOf(job));
    if (known !== undefined) {
      return known;
    }
    void keep((kept) => [...others(job)(kept), { job, folder }]);
    const first = begin(job, folder);
    following.set(keyOf(job), first);
    return first;
  };
  return {
    follow,
    isFollowed: (job) => following.has(keyOf(job)),
    resume() {
      for (const { job, folder } of memento.get<readonly Followed[]>(KEPT, [])) {
        void follow(job, folder);
      }
    },
    dispose: () => ended.abort(),
  };
}

/** Whether some run is looked at: which one a tab does not say. */
function isRunPanelVisible(): boolean {
  return vscode.window.tabGroups.all.some(
    ({ activeTab }) =>
      activeTab?.input instanceof vscode.TabInputWebview && activeTab.input.viewType.includes('skillet.run'),
  );
}
