/** Warnings of spot machines in this window: asked for while such machines run, each told once. */
import * as vscode from 'vscode';
import { type NoticePlace, type NoticeWatch, type SeenNotices, watchNotices } from '../../../cloud/watchNotices.ts';
import type { SpotNotice } from '../../../common/cloud/connection.ts';
import { instanceKey } from '../../../common/cloud/fleet.ts';
import type { Instance, InstanceRef, ProviderId } from '../../../common/cloud/instance.ts';
import { instanceTitle } from '../../../common/cloud/instanceText.ts';
import { noticeText } from '../../../common/cloud/noticeText.ts';
import { isOurs } from '../../../common/cloud/tags.ts';
import type { CloudAccount, CloudAccounts } from '../explorer/accounts.ts';

export interface NoticeParts {
  readonly memento: vscode.Memento;
  readonly accounts: CloudAccounts;
  readonly output: vscode.LogOutputChannel;
  /** Has what trains on a machine save a checkpoint. */
  saveCheckpoints(notice: SpotNotice, instance: InstanceRef): Promise<void>;
}

export interface Notices extends vscode.Disposable {
  /** A round at once. */
  ask(): void;
  tell(notice: SpotNotice, instance: InstanceRef): void;
  /** What was told in this window, newest last. */
  told(): readonly SpotNotice[];
}

const SEEN = 'skillet.seenNotices';
const PLACES = 'skillet.spotRegions';
const POLL_MS = 60_000;
/** Interruptions come two minutes ahead, so a window in the background asks a little less often, and not much. */
const HIDDEN_POLL_MS = 100_000;
const START_MS = 20_000;

type Region = `${ProviderId}/${string}`;

export function createNotices(parts: NoticeParts): Notices {
  const { memento, accounts, output } = parts;
  const told: SpotNotice[] = [];
  const tell = (notice: SpotNotice, instance: InstanceRef) => {
    told.push(notice);
    show(notice, instance, parts);
  };
  const watch: NoticeWatch = watchNotices({
    places: () => placesOf(accounts, memento),
    onNotice: (notice, { key }) => tell(notice, { ...refOf(key as Region), id: notice.instanceId }),
    onFault: (error, { key }) =>
      output.warn(`Warnings for spot machines in ${key}: ${error instanceof Error ? error.message : String(error)}`),
    pollMs: () => (vscode.window.state.focused ? POLL_MS : HIDDEN_POLL_MS),
    memory: {
      get: () => memento.get<SeenNotices>(SEEN) ?? {},
      set: (seen) => void memento.update(SEEN, seen),
    },
  });
  // Machines of ours that ran when the last window closed: their accounts are opened though no view is looked at.
  const start = setTimeout(() => {
    if (kept(memento).length > 0 && accounts.hasAny()) {
      accounts.openAll();
      watch.ask();
    }
  }, START_MS);
  return {
    ask: watch.ask,
    tell,
    told: () => told,
    dispose() {
      clearTimeout(start);
      watch.stop();
    },
  };
}

const kept = (memento: vscode.Memento) => memento.get<readonly Region[]>(PLACES) ?? [];

function refOf(region: Region): Omit<InstanceRef, 'id'> {
  const [provider = '', name = ''] = region.split('/');
  return { provider: provider as ProviderId, region: name };
}

/** Regions with spot machines of ours that run; those of the last window until an account's machines are known. */
function placesOf(accounts: CloudAccounts, memento: vscode.Memento): readonly NoticePlace[] {
  const open = accounts.open();
  if (open.length === 0) {
    return [];
  }
  const before = kept(memento);
  const regions = open.flatMap((account) => {
    const known = spotRegions(account);
    const { isComplete } = account.fleet.state();
    return isComplete ? known : [...new Set([...known, ...before.filter((one) => one.startsWith(`${account.id}/`))])];
  });
  if (regions.join() !== before.join()) {
    void memento.update(PLACES, regions);
  }
  return regions.flatMap((key) => {
    const { provider: id, region } = refOf(key);
    const account = open.find((one) => one.id === id);
    return account === undefined ? [] : [{ key, notices: (signal) => account.provider.notices(region, signal) }];
  });
}

function spotRegions({ id, fleet }: CloudAccount): readonly Region[] {
  const isSpot = ({ purchase, state, tags }: Instance) => purchase === 'spot' && state === 'running' && isOurs(tags);
  return fleet
    .state()
    .regions.filter(({ rows }) => rows.some(({ instance }) => isSpot(instance)))
    .map(({ name }): Region => `${id}/${name}`);
}

function show(notice: SpotNotice, instance: InstanceRef, { accounts, saveCheckpoints }: NoticeParts): void {
  const row = accounts
    .open()
    .find(({ id }) => id === instance.provider)
    ?.fleet.row(instanceKey(instance));
  const name = row === undefined || row === null ? instance.id : instanceTitle(row.instance);
  const details = 'Show Instance';
  const save = 'Save Checkpoints';
  const buttons = notice.isDrill === true ? [details] : [details, save];
  // Not awaited: the message stays until somebody answers it.
  void vscode.window.showWarningMessage(noticeText(notice, name, Date.now()), ...buttons).then((answer) => {
    if (answer === details) {
      void vscode.commands.executeCommand('skillet.showInstance', { instance });
    } else if (answer === save) {
      void saveCheckpoints(notice, instance);
    }
  });
}
