/** The tunnels of this window: one for each service of a machine, seen in the status bar, stopped from there. */
import * as vscode from 'vscode';
import type { ConnectService } from '../../../common/cloud/connection.ts';
import { instanceKey } from '../../../common/cloud/fleet.ts';
import type { Tunnel, TunnelState } from '../../../node/ssh/sshTypes.ts';
import type { ReadyMachine, SshSessions } from './sshSessions.ts';

export interface OpenTunnel {
  readonly machine: ReadyMachine;
  readonly service: ConnectService;
  readonly tunnel: Tunnel;
  readonly url: string;
  state: TunnelState['state'];
}

export interface Tunnels extends vscode.Disposable {
  list(): readonly OpenTunnel[];
  /** Opens one, or gives the one that is open. */
  open(machine: ReadyMachine, service: ConnectService): Promise<OpenTunnel>;
  /** Asks which where there are several. */
  stop(target?: OpenTunnel): Promise<void>;
}

export const SERVICE_TITLES: Readonly<Record<ConnectService['name'], string>> = {
  rstudio: 'RStudio',
  jupyter: 'Jupyter',
};

export function createTunnels(sessions: SshSessions, output: vscode.LogOutputChannel): Tunnels {
  const tunnels = new Map<string, OpenTunnel>();
  /** Asked for once more while somebody is still signing in, it is the same one: a second would be in no list. */
  const opening = new Map<string, Promise<OpenTunnel>>();
  const stopAll = new AbortController();
  const item = vscode.window.createStatusBarItem('skillet.tunnels', vscode.StatusBarAlignment.Left);
  item.name = 'Skillet Tunnels';
  item.command = 'skillet.stopTunnel';
  const show = () => {
    const all = [...tunnels.values()];
    const isLost = all.some(({ state }) => state === 'reconnecting');
    item.text = `$(${isLost ? 'sync~spin' : 'plug'}) ${all.map(titleOf).join(', ')}`;
    item.tooltip = all.map((one) => `${titleOf(one)}: ${one.url} (${stateText(one)})`).join('\n');
    item[all.length === 0 ? 'hide' : 'show']();
    void vscode.commands.executeCommand('setContext', 'skillet.noTunnels', all.length === 0);
  };
  show();
  const follow = (key: string, entry: OpenTunnel) => {
    tunnels.set(key, entry);
    show();
    void entry.tunnel.closed.then((fault) => {
      tunnels.delete(key);
      if (stopAll.signal.aborted) {
        return;
      }
      show();
      if (fault !== null) {
        output.error(fault.message);
        void vscode.window.showErrorMessage(`The tunnel to ${titleOf(entry)} is closed: ${fault.message}`);
      }
    });
  };
  const begin = async (key: string, machine: ReadyMachine, service: ConnectService): Promise<OpenTunnel> => {
    let entry: OpenTunnel | undefined;
    const tunnel = await sessions.ssh().openTunnel({
      connect: (signal) => sessions.open(machine, signal),
      remotePort: service.port,
      preferredPort: service.port,
      signal: stopAll.signal,
      onState(state) {
        if (entry !== undefined) {
          tell(entry, state, output);
          show();
        }
      },
    });
    entry = { machine, service, tunnel, url: `http://127.0.0.1:${tunnel.localPort}/`, state: 'open' };
    follow(key, entry);
    return entry;
  };
  return {
    list: () => [...tunnels.values()],
    async open(machine, service) {
      const key = `${instanceKey(machine.instance)} ${service.name}`;
      const known = tunnels.get(key) ?? opening.get(key);
      if (known !== undefined) {
        return known;
      }
      const begun = begin(key, machine, service);
      opening.set(key, begun);
      return begun.finally(() => opening.delete(key));
    },
    async stop(target) {
      const entry = target ?? (await pick([...tunnels.values()]));
      await entry?.tunnel.close();
    },
    dispose() {
      stopAll.abort();
      item.dispose();
    },
  };
}

function tell(entry: OpenTunnel, state: TunnelState, output: vscode.LogOutputChannel): void {
  const isNew = entry.state !== state.state;
  entry.state = state.state;
  if ('fault' in state) {
    output.warn(`${titleOf(entry)}: ${state.fault}`);
  }
  if (isNew && state.state === 'refused') {
    void vscode.window.showWarningMessage(
      `${titleOf(entry)}: ${state.fault} See whether it is installed and runs there.`,
    );
  }
}

const titleOf = ({ machine, service }: OpenTunnel) => `${SERVICE_TITLES[service.name]} on ${machine.title}`;

function stateText({ state }: OpenTunnel): string {
  return { open: 'open', reconnecting: 'connecting again', refused: 'nothing answers there' }[state];
}

async function pick(all: readonly OpenTunnel[]): Promise<OpenTunnel | undefined> {
  if (all.length === 0) {
    void vscode.window.showInformationMessage('No tunnel is open.');
    return undefined;
  }
  const items = all.map((entry) => ({
    label: `$(debug-disconnect) Stop the Tunnel to ${titleOf(entry)}`,
    description: stateText(entry),
    detail: entry.url,
    entry,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which tunnel ends?' }))?.entry;
}
