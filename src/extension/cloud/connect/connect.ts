/** Wires how machines are got into: the commands, the tunnels, the warnings of spot machines and their drill. */
import * as vscode from 'vscode';
import { drillNotice, tellMachine } from '../../../cloud/tellMachine.ts';
import type { SpotNotice } from '../../../common/cloud/connection.ts';
import { instanceKey } from '../../../common/cloud/fleet.ts';
import type { Instance, InstanceRef } from '../../../common/cloud/instance.ts';
import { instanceTitle } from '../../../common/cloud/instanceText.ts';
import { SkilletError } from '../../../common/errors.ts';
import type { CloudAccounts } from '../explorer/accounts.ts';
import type { SignIn } from '../explorer/signInAgain.ts';
import { createNotices, type Notices } from './noticeWatch.ts';
import { pickRunning } from './pickRunning.ts';
import { createSshSessions, type SshSessions } from './sshSessions.ts';
import { createTunnels, type Tunnels } from './tunnels.ts';
import { isWay, pickWay, takeWay } from './ways.ts';

export interface ConnectParts {
  readonly context: vscode.ExtensionContext;
  readonly accounts: CloudAccounts;
  readonly signIn: SignIn;
  readonly output: vscode.LogOutputChannel;
}

export interface Connect extends vscode.Disposable {
  readonly tunnels: Tunnels;
  readonly notices: Notices;
}

const TELL_MS = 60_000;

export function createConnect(parts: ConnectParts): Connect {
  const { context, accounts, output } = parts;
  const sessions = createSshSessions(parts);
  const tunnels = createTunnels(sessions, output);
  const notices = createNotices({
    ...{ memento: context.globalState, accounts, output },
    saveCheckpoints: (notice, ref) => told(output, () => saveCheckpoints(notice, ref, { accounts, sessions })),
  });
  const commands: Record<string, (target?: unknown) => Promise<unknown>> = {
    'skillet.connectInstance': async (target) => {
      const instance = instanceIn(target) ?? (await pickRunning(accounts, () => true));
      if (instance === null) {
        return;
      }
      const asked = (target as { readonly way?: unknown } | undefined)?.way;
      const way = isWay(asked) ? asked : await pickWay(instanceTitle(instance));
      if (way !== undefined) {
        await takeWay(way, await sessions.ready(instance), { sessions, tunnels });
      }
    },
    'skillet.stopTunnel': () => tunnels.stop(),
    'skillet.drillInterruption': async (target) => {
      const instance = instanceIn(target) ?? (await pickRunning(accounts, ({ purchase }) => purchase === 'spot'));
      if (instance !== null) {
        await drill(instance, { sessions, notices });
      }
    },
  };
  const registered = Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, (target?: unknown) => told(output, () => run(target))),
  );
  return {
    tunnels,
    notices,
    dispose: () => vscode.Disposable.from(...registered, notices, tunnels).dispose(),
  };
}

function instanceIn(target: unknown): Instance | null {
  const instance = (target as { readonly instance?: Instance } | null | undefined)?.instance;
  return instance !== undefined && 'state' in instance ? instance : null;
}

async function told(output: vscode.LogOutputChannel, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof vscode.CancellationError) {
      return;
    }
    output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const what = error instanceof SkilletError ? `${error.path}: ${error.message} ${error.remedy}` : String(error);
    void vscode.window.showErrorMessage(what);
  }
}

/** The machine's half can fail, where nobody is let in; the person's half is shown all the same, and that is told. */
async function drill(
  instance: Instance,
  { sessions, notices }: { readonly sessions: SshSessions; readonly notices: Notices },
): Promise<void> {
  const title = instanceTitle(instance);
  const start = 'Start Drill';
  const answer = await vscode.window.showWarningMessage(
    `Drill an interruption of ${title}?`,
    {
      modal: true,
      detail:
        'The machine is told over SSH, as a drill, that it will be taken back in two minutes: what trains there saves a checkpoint. Nothing is ended, and the notice goes away after a minute.',
    },
    start,
  );
  if (answer !== start) {
    return;
  }
  try {
    const machine = await sessions.ready(instance);
    const notice = drillNotice(instance, Date.now());
    await tellOverSsh(notice, await sessions.open(machine, AbortSignal.timeout(TELL_MS)));
    notices.tell(notice, instance);
  } catch (error) {
    if (error instanceof vscode.CancellationError) {
      throw error;
    }
    notices.tell(drillNotice(instance, Date.now()), instance);
    throw new SkilletError('cloud-connect', title, {
      message: `The machine itself was not told, so this drill showed the warning alone: ${(error as Error).message}`,
      remedy: error instanceof SkilletError ? error.remedy : 'See the output.',
    });
  }
}

async function tellOverSsh(notice: SpotNotice, connection: Awaited<ReturnType<SshSessions['open']>>): Promise<void> {
  try {
    await tellMachine(connection, { notice, signal: AbortSignal.timeout(TELL_MS) });
  } finally {
    connection.end();
  }
}

async function saveCheckpoints(
  notice: SpotNotice,
  ref: InstanceRef,
  { accounts, sessions }: { readonly accounts: CloudAccounts; readonly sessions: SshSessions },
): Promise<void> {
  const row = accounts
    .open()
    .find(({ id }) => id === ref.provider)
    ?.fleet.row(instanceKey(ref));
  if (row === undefined || row === null) {
    throw new SkilletError('cloud-not-found', ref.id, {
      message: 'The machine is not in the list (yet).',
      remedy: 'Refresh the Instances view.',
    });
  }
  const machine = await sessions.ready(row.instance);
  try {
    await tellOverSsh(notice, await sessions.open(machine, AbortSignal.timeout(TELL_MS)));
  } catch (error) {
    if (!(error instanceof SkilletError && error.code === 'cloud-state')) {
      throw error; // Else the machine's own guard was quicker.
    }
  }
  void vscode.window.showInformationMessage(`What trains on ${machine.title} is told to save a checkpoint now.`);
}
