/** What can be done with machines: asked first where something is lost, told where it fails, shown at once where it works. */
import * as vscode from 'vscode';
import { type FleetRow, instanceKey } from '../../../common/cloud/fleet.ts';
import type { Instance, InstanceRef, InstanceState } from '../../../common/cloud/instance.ts';
import { instanceTitle, lossText } from '../../../common/cloud/instanceText.ts';
import { SkilletError } from '../../../common/errors.ts';
import type { CloudAccount, CloudAccounts } from './accounts.ts';
import type { SignIn } from './signInAgain.ts';

export type InstanceVerb = 'start' | 'stop' | 'reboot' | 'terminate';

/** How each is called, in which states it makes sense, and what state it leads to. */
export const VERBS: Readonly<
  Record<
    InstanceVerb,
    { readonly title: string; readonly from: readonly InstanceState[]; readonly to: InstanceState | null }
  >
> = {
  start: { title: 'Start', from: ['stopped'], to: 'pending' },
  stop: { title: 'Stop', from: ['running', 'pending'], to: 'stopping' },
  reboot: { title: 'Reboot', from: ['running'], to: null },
  terminate: { title: 'Terminate', from: ['pending', 'running', 'stopping', 'stopped', 'unknown'], to: 'terminating' },
};

export interface ActionParts {
  readonly accounts: CloudAccounts;
  readonly signIn: SignIn;
  readonly output: vscode.LogOutputChannel;
}

const ACTION_MS = 60_000;

/** @returns Whether it was done with all of them. */
export async function actOn(verb: InstanceVerb, instances: readonly Instance[], parts: ActionParts): Promise<boolean> {
  const { title, from } = VERBS[verb];
  const fitting = instances.filter(({ state }) => from.includes(state));
  if (fitting.length === 0) {
    const states = [...new Set(instances.map(({ state }) => state))].join(', ');
    void vscode.window.showInformationMessage(`${title}: nothing to do for a machine that is ${states}.`);
    return false;
  }
  if (!(await isConfirmed(verb, fitting, parts.accounts))) {
    return false;
  }
  const failures: { readonly instance: Instance; readonly error: unknown }[] = [];
  await vscode.window.withProgress({ location: { viewId: 'skillet.instances' } }, async () => {
    for (const instance of fitting) {
      try {
        await actOnOne(verb, instance, parts);
      } catch (error) {
        if (error instanceof vscode.CancellationError) {
          failures.push({ instance, error });
          return; // Nobody is signed in: the others would ask the same again.
        }
        failures.push({ instance, error });
      }
    }
  });
  tellFailures(title, failures, parts.output);
  return failures.length === 0;
}

async function actOnOne(verb: InstanceVerb, instance: Instance, { accounts, signIn }: ActionParts): Promise<void> {
  const account = accountOf(accounts, instance);
  await signIn.retry(account, () => account.provider[verb](instance, AbortSignal.timeout(ACTION_MS)));
  const { to } = VERBS[verb];
  if (to !== null) {
    account.fleet.expect(instance, to);
  }
  void account.fleet.refresh(instance.region);
}

export function accountOf(accounts: CloudAccounts, { provider }: InstanceRef): CloudAccount {
  const account = accounts.openAll().find(({ id }) => id === provider);
  if (account === undefined) {
    throw new SkilletError('cloud-credentials', provider, {
      message: 'There is nothing to sign in with on this computer any more.',
      remedy: 'Sign in, or choose another profile.',
    });
  }
  return account;
}

/** Starting costs and stopping loses; a reboot does neither. */
async function isConfirmed(verb: InstanceVerb, instances: readonly Instance[], accounts: CloudAccounts) {
  const [first] = instances;
  if (verb === 'reboot' || first === undefined) {
    return true;
  }
  const rows = instances.map((instance): FleetRow => {
    const known = accountOf(accounts, instance).fleet.row(instanceKey(instance));
    return known ?? { instance, cost: null, costAt: 0, idle: null, guard: null };
  });
  const { title } = VERBS[verb];
  const what = instances.length === 1 ? instanceTitle(first) : `${instances.length} machines`;
  const detail = verb === 'start' ? startText(rows) : lossText(rows, verb);
  const answer = await vscode.window.showWarningMessage(`${title} ${what}?`, { modal: true, detail }, title);
  return answer === title;
}

function startText(rows: readonly FleetRow[]): string {
  const lines = rows.map(
    ({ instance }) =>
      `${instanceTitle(instance)} (${instance.id}), ${instance.instanceType} in ${instance.zone ?? instance.region}.`,
  );
  return [...lines, 'It costs by the second again from now on; the price is shown beside it once it runs.'].join('\n');
}

function tellFailures(
  title: string,
  failures: readonly { readonly instance: Instance; readonly error: unknown }[],
  output: vscode.LogOutputChannel,
): void {
  const told = failures.filter(({ error }) => !(error instanceof vscode.CancellationError));
  if (told.length === 0) {
    return;
  }
  const words = told.map(({ instance, error }) => {
    const remedy = error instanceof SkilletError ? ` ${error.remedy}` : '';
    return `${instanceTitle(instance)}: ${error instanceof Error ? error.message : String(error)}${remedy}`;
  });
  for (const line of words) {
    output.error(`${title} ${line}`);
  }
  void vscode.window.showErrorMessage(`${title} failed. ${words.slice(0, 3).join(' ')}`);
}
