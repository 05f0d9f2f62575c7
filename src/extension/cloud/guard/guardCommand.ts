/** "Change When It Stops…": another deadline or idle time for a machine that runs, without signing in to it. */
import * as vscode from 'vscode';
import type { GuardChange, GuardState } from '../../../cloud/provider.ts';
import { parseDeadline, parseIdleMinutes } from '../../../common/cloud/deadlineText.ts';
import { instanceKey } from '../../../common/cloud/fleet.ts';
import type { Instance, InstanceRef } from '../../../common/cloud/instance.ts';
import { formatCost, formatMoment, guardText, instanceTitle } from '../../../common/cloud/instanceText.ts';
import { SkilletError } from '../../../common/errors.ts';
import type { CloudAccounts } from '../explorer/accounts.ts';
import { accountOf } from '../explorer/instanceActions.ts';
import type { SignIn } from '../explorer/signInAgain.ts';

export interface GuardCommandParts {
  readonly accounts: CloudAccounts;
  readonly signIn: SignIn;
  readonly output: vscode.LogOutputChannel;
}

const HOUR_MS = 3_600_000;
const CHANGE_MS = 60_000;
const TITLE = 'Change When It Stops';

export function createGuardCommand(parts: GuardCommandParts): vscode.Disposable {
  return vscode.commands.registerCommand('skillet.setGuard', async (target?: unknown) => {
    try {
      const instance = instanceOf(parts, target) ?? (await pickMachine(parts));
      return instance === null ? false : await change(instance, parts);
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) {
        const remedy = error instanceof SkilletError ? ` ${error.remedy}` : '';
        const message = `${error instanceof Error ? error.message : String(error)}${remedy}`;
        parts.output.error(`${TITLE}: ${message}`);
        void vscode.window.showErrorMessage(message);
      }
      return false;
    }
  });
}

/** @returns Whether it was changed. */
async function change(instance: Instance, parts: GuardCommandParts): Promise<boolean> {
  const account = accountOf(parts.accounts, instance);
  const guard = account.provider.guard(instance);
  if (guard === null) {
    throw new SkilletError('cloud-state', instance.id, {
      message: `${instanceTitle(instance)} has no guard of Skillet on it: it was launched without one, or by something else.`,
      remedy: 'Stop it yourself when it is no longer needed.',
    });
  }
  const wanted = await askChange(instance, guard);
  if (wanted === null || !(await isNeverMeant(instance, wanted, parts.accounts))) {
    return false;
  }
  const options = { location: { viewId: 'skillet.instances' } };
  await vscode.window.withProgress(options, () =>
    parts.signIn.retry(account, () => account.provider.setGuard(instance, wanted, AbortSignal.timeout(CHANGE_MS))),
  );
  const after = { ...guard, ...wanted };
  const text = guardText(after, Date.now()) ?? '';
  const isNever = after.deadline === null && after.idleMinutes === null;
  void vscode.window.showInformationMessage(
    isNever
      ? `Nothing ends ${instanceTitle(instance)} by itself any more.`
      : `The guard of ${instanceTitle(instance)} ${text}. It takes that up within a minute.`,
  );
  void account.fleet.refresh(instance.region);
  return true;
}

type Choice = vscode.QuickPickItem & { readonly make: () => Promise<GuardChange | null> };

async function askChange(instance: Instance, guard: GuardState): Promise<GuardChange | null> {
  const now = Date.now();
  const verb = guard.action === 'stop' ? 'stops' : 'is terminated';
  const from = Math.max(now, guard.deadline === null ? now : Date.parse(guard.deadline));
  const later = (hours: number): Choice => {
    const deadline = new Date(from + hours * HOUR_MS).toISOString();
    return {
      label: `$(clock) ${guard.deadline === null ? 'In' : 'Later by'} ${hours} ${hours === 1 ? 'hour' : 'hours'}`,
      description: `${verb} ${formatMoment(deadline, now)}`,
      make: async () => ({ deadline }),
    };
  };
  const idle = guard.idleMinutes === null ? 'never now' : `${guard.idleMinutes} minutes now`;
  const choices: Choice[] = [
    ...[1, 2, 4].map(later),
    { label: '$(calendar) At a time…', make: () => askTime(now) },
    { label: '$(circle-slash) No deadline', make: async () => ({ deadline: null }) },
    { label: '$(watch) Idle minutes…', description: idle, make: () => askIdle(guard) },
  ];
  const picked = await vscode.window.showQuickPick(choices, {
    title: `${instanceTitle(instance)}: ${guardText(guard, now) ?? ''}`,
    placeHolder: 'When shall it stop?',
  });
  return picked === undefined ? null : picked.make();
}

/** Why a text is refused, for an input box. */
function refusal(parse: (text: string) => unknown): (text: string) => string | undefined {
  return (text) => {
    try {
      parse(text);
      return undefined;
    } catch (error) {
      return error instanceof SkilletError ? `${error.message} ${error.remedy}` : String(error);
    }
  };
}

async function askTime(now: number): Promise<GuardChange | null> {
  const text = await vscode.window.showInputBox({
    title: TITLE,
    prompt: '18:00 here, or 90m, 3h, 1d from now',
    placeHolder: '18:00',
    validateInput: refusal((typed) => parseDeadline(typed, now)),
  });
  return text === undefined ? null : { deadline: parseDeadline(text, now) };
}

async function askIdle({ idleMinutes }: GuardState): Promise<GuardChange | null> {
  const text = await vscode.window.showInputBox({
    title: TITLE,
    prompt: 'After how many minutes without work on card or processor and without anybody signed in? Or: never',
    value: idleMinutes === null ? 'never' : String(idleMinutes),
    validateInput: refusal(parseIdleMinutes),
  });
  return text === undefined ? null : { idleMinutes: parseIdleMinutes(text) };
}

/** A machine without a deadline costs until somebody thinks of it. */
async function isNeverMeant(instance: Instance, { deadline, idleMinutes }: GuardChange, accounts: CloudAccounts) {
  if (deadline !== null && idleMinutes !== null) {
    return true;
  }
  const cost = accountOf(accounts, instance).fleet.row(instanceKey(instance))?.cost?.perHourUsd ?? null;
  const price =
    cost === null ? 'What it costs an hour is not known.' : `It costs ${formatCost(cost)} an hour, day and night.`;
  const never = deadline === null ? 'No Deadline' : 'No Idle Rule';
  const answer = await vscode.window.showWarningMessage(
    `Let ${instanceTitle(instance)} run without ${deadline === null ? 'a deadline' : 'an idle rule'}?`,
    {
      modal: true,
      detail: `${price} ${deadline === null ? 'It then ends when it is idle, if it has that rule, or when you stop it.' : 'It then ends at its deadline, if it has one, or when you stop it.'}`,
    },
    never,
  );
  return answer === never;
}

function instanceOf({ accounts }: GuardCommandParts, target: unknown): Instance | null {
  if (typeof target !== 'object' || target === null || !('instance' in target)) {
    return null;
  }
  const ref = (target as { readonly instance: InstanceRef }).instance;
  const known = accountOf(accounts, ref).fleet.row(instanceKey(ref));
  return known?.instance ?? ('state' in ref ? (ref as Instance) : null);
}

async function pickMachine({ accounts }: GuardCommandParts): Promise<Instance | null> {
  const open = accounts.openAll();
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Asking for machines' }, () =>
    Promise.all(open.filter(({ fleet }) => !fleet.state().isComplete).map(({ fleet }) => fleet.refresh())),
  );
  const items = open.flatMap(({ fleet, provider }) =>
    fleet
      .state()
      .regions.flatMap(({ rows }) => rows)
      .filter(({ instance: { state } }) => state === 'running' || state === 'pending')
      .flatMap(({ instance }) => {
        const text = guardText(provider.guard(instance), Date.now());
        return text === null
          ? []
          : {
              label: instanceTitle(instance),
              description: text,
              detail: `${instance.id} in ${instance.region}`,
              instance,
            };
      }),
  );
  if (items.length === 0) {
    void vscode.window.showInformationMessage('No machine with a guard of Skillet is running.');
    return null;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: TITLE,
    placeHolder: 'Which machine?',
    matchOnDetail: true,
  });
  return picked?.instance ?? null;
}
