/** The commands of the Instances view and of its machines. */
import * as vscode from 'vscode';
import type { ProviderModules } from '../../../cloud/providerModules.ts';
import type { FleetRow } from '../../../common/cloud/fleet.ts';
import type { Instance, InstanceRef } from '../../../common/cloud/instance.ts';
import { parseInstanceFilter } from '../../../common/cloud/instanceFilter.ts';
import { describeRow, instanceTitle } from '../../../common/cloud/instanceText.ts';
import { SkilletError } from '../../../common/errors.ts';
import { type CloudAccounts, profileSetting } from './accounts.ts';
import { accountOf, actOn, type InstanceVerb, VERBS } from './instanceActions.ts';
import type { InstancesTree } from './instancesTree.ts';
import type { SignIn } from './signInAgain.ts';
import type { SystemLogs } from './systemLogs.ts';

export interface InstanceCommandParts {
  readonly modules: ProviderModules;
  readonly accounts: CloudAccounts;
  readonly tree: InstancesTree;
  readonly signIn: SignIn;
  readonly logs: SystemLogs;
  readonly output: vscode.LogOutputChannel;
  showDetails(instance: InstanceRef): void;
}

type Command = (target?: unknown, all?: unknown) => PromiseLike<unknown>;

export function createInstanceCommands(parts: InstanceCommandParts): vscode.Disposable {
  const { accounts, tree, logs } = parts;
  const one =
    (verb: InstanceVerb | null, act: (instance: Instance) => PromiseLike<unknown>): Command =>
    async (target) => {
      const [instance] = await instancesOf(parts, { target, verb });
      return instance === undefined ? undefined : act(instance);
    };
  const verb =
    (name: InstanceVerb): Command =>
    async (target, all) => {
      const instances = await instancesOf(parts, { target, all, verb: name });
      return instances.length === 0 ? false : actOn(name, instances, parts);
    };
  const commands: Record<string, Command> = {
    'skillet.startInstance': verb('start'),
    'skillet.stopInstance': verb('stop'),
    'skillet.rebootInstance': verb('reboot'),
    'skillet.terminateInstance': verb('terminate'),
    'skillet.showInstance': one(null, async (instance) => parts.showDetails(instance)),
    'skillet.copyInstance': one(null, copyPart),
    'skillet.openInstanceConsole': one(null, async (instance) => {
      const url = accountOf(accounts, instance).provider.consoleUrl(instance);
      return vscode.env.openExternal(vscode.Uri.parse(url, true));
    }),
    'skillet.showSystemLog': one(null, (instance) =>
      vscode.window.withProgress({ location: { viewId: 'skillet.instances' } }, () => logs.show(instance)),
    ),
    'skillet.refreshInstances': async () => {
      tree.tellAccount();
      const looks = accounts.openAll().map(({ fleet }) => fleet.refresh());
      tree.follow();
      await vscode.window.withProgress({ location: { viewId: 'skillet.instances' } }, () => Promise.all(looks));
    },
    'skillet.filterInstances': () => askFilter(tree),
    'skillet.clearInstancesFilter': async () => tree.setFilter(null),
    'skillet.chooseAwsProfile': () => chooseProfile(parts.modules),
    'skillet.signInAgain': async () => {
      for (const account of accounts.openAll()) {
        if (await parts.signIn.again(account)) {
          await account.fleet.refresh();
        }
      }
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (target?: unknown, all?: unknown) => {
        try {
          return await run(target, all);
        } catch (error) {
          return tell(error, parts.output);
        }
      }),
    ),
  );
}

function tell(error: unknown, output: vscode.LogOutputChannel): undefined {
  if (error instanceof vscode.CancellationError) {
    return undefined;
  }
  output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const remedy = error instanceof SkilletError ? ` ${error.remedy}` : '';
  void vscode.window.showErrorMessage(`${error instanceof Error ? error.message : String(error)}${remedy}`);
  return undefined;
}

interface Asked {
  readonly target: unknown;
  readonly all?: unknown;
  /** Offers those alone for which it makes sense. */
  readonly verb: InstanceVerb | null;
}

/** The machines that were clicked, else those that are selected, else the one that is picked. */
async function instancesOf(parts: InstanceCommandParts, { target, all, verb }: Asked): Promise<readonly Instance[]> {
  if (Array.isArray(all) && all.length > 1 && all.includes(target)) {
    return all.flatMap((one) => instanceOf(parts, one) ?? []);
  }
  const clicked = instanceOf(parts, target);
  return clicked !== null ? [clicked] : pick(parts, verb);
}

function instanceOf({ accounts }: InstanceCommandParts, target: unknown): Instance | null {
  if (typeof target !== 'object' || target === null || !('instance' in target)) {
    return null;
  }
  const ref = (target as { readonly instance: InstanceRef }).instance;
  const known = accountOf(accounts, ref).fleet.row(`${ref.provider}/${ref.region}/${ref.id}`);
  return known?.instance ?? ('state' in ref ? (ref as Instance) : null);
}

async function pick({ accounts, tree }: InstanceCommandParts, verb: InstanceVerb | null): Promise<readonly Instance[]> {
  const open = accounts.openAll();
  tree.follow();
  if (open.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no account of a provider on this computer yet; see the Instances view.',
    );
    return [];
  }
  const unasked = open.filter(({ fleet }) => !fleet.state().isComplete);
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Asking for machines' }, () =>
    Promise.all(unasked.map(({ fleet }) => fleet.refresh())),
  );
  const rows: FleetRow[] = open.flatMap(({ fleet }) => fleet.state().regions.flatMap((region) => region.rows));
  const fitting = rows.filter(({ instance: { state } }) =>
    verb === null ? state !== 'terminated' : VERBS[verb].from.includes(state),
  );
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(
      verb === null ? 'There are no machines.' : `There is no machine to ${VERBS[verb].title.toLowerCase()}.`,
    );
    return [];
  }
  const items = fitting.map((row) => ({
    label: instanceTitle(row.instance),
    description: describeRow(row, Date.now()),
    detail: `${row.instance.id} in ${row.instance.zone ?? row.instance.region}`,
    instance: row.instance,
  }));
  const placeHolder = verb === null ? 'Which machine?' : `Which machine to ${VERBS[verb].title.toLowerCase()}?`;
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked === undefined ? [] : [picked.instance];
}

async function copyPart(instance: Instance): Promise<void> {
  const { id, name, publicAddress, privateAddress } = instance;
  const address = publicAddress ?? privateAddress;
  const parts: [string, string | null][] = [
    ['Id', id],
    ['Name', name],
    ['Public address', publicAddress],
    ['Private address', privateAddress],
    ['SSH command', address === null ? null : sshCommand(instance, address)],
  ];
  const items = parts.flatMap(([label, value]) => (value === null ? [] : { label, description: value, value }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: 'Copy what?', matchOnDescription: true });
  if (picked !== undefined) {
    await vscode.env.clipboard.writeText(picked.value);
    vscode.window.setStatusBarMessage(`${picked.label} copied.`, 3000);
  }
}

/** Ubuntu's user, as the Deep Learning images have it; Connect knows the image's own. */
function sshCommand({ keyPair }: Instance, address: string): string {
  return keyPair === null ? `ssh ubuntu@${address}` : `ssh -i ~/.ssh/${keyPair}.pem ubuntu@${address}`;
}

async function askFilter(tree: InstancesTree): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: 'Filter Instances',
    prompt: 'Words of a name, an id or an address, and state: gpu: region: type: bought: tag: ours:',
    placeHolder: 'state:running gpu:a10g region:us type:g5 ours:yes',
    value: tree.filter().text,
    validateInput(typed) {
      try {
        parseInstanceFilter(typed);
        return undefined;
      } catch (error) {
        return error instanceof SkilletError ? `${error.path} ${error.message} ${error.remedy}` : String(error);
      }
    },
  });
  if (text !== undefined) {
    tree.setFilter(text.trim() === '' ? null : text);
  }
}

async function chooseProfile(modules: ProviderModules): Promise<void> {
  const profiles = await modules.load('aws').profiles();
  if (profiles.length === 0) {
    void vscode.window.showInformationMessage(
      'AWS has no profiles on this computer. Make one with "aws configure" or "aws configure sso".',
    );
    return;
  }
  const now = profileSetting('aws');
  const items = [
    {
      label: "AWS's own choice",
      description: 'the environment, then the default profile',
      detail: now === null ? 'chosen now' : undefined,
      value: '',
    },
    ...profiles.map(({ name, how, region }) => ({
      label: name,
      description: [how, region ?? ''].filter((part) => part !== '').join(' · '),
      detail: name === now ? 'chosen now' : undefined,
      value: name,
    })),
  ];
  const shown = items.map(({ detail, ...item }) => (detail === undefined ? item : { ...item, detail }));
  const picked = await vscode.window.showQuickPick(shown, { placeHolder: 'Which profile?', matchOnDescription: true });
  if (picked !== undefined) {
    const configuration = vscode.workspace.getConfiguration('skillet');
    const { workspaceValue } = configuration.inspect('aws.profile') ?? {};
    const target =
      workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
    await configuration.update('aws.profile', picked.value === '' ? undefined : picked.value, target);
  }
}
