/** The Instances view: nothing is loaded without an account; with one, rows come from a stand-in for EC2. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { InstanceNode } from '../../src/extension/cloud/explorer/instancesTree.ts';
import type { SkilletApi } from '../../src/extension/extension.ts';
import { skillet, until } from './support.ts';

/** EC2 with machines whose states a test sets; it knows what is asked here and nothing else. */
interface StandIn {
  readonly url: string;
  readonly asked: string[];
  /** State by id, by region. */
  readonly machines: Record<string, Record<string, string>>;
  stop(): Promise<void>;
}

async function startStandIn(): Promise<StandIn> {
  const asked: string[] = [];
  const machines: StandIn['machines'] = {};
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const action = new URLSearchParams(body).get('Action') ?? String(request.headers['x-amz-target']);
      const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
      asked.push(`${action} ${region}`);
      const text = answers(action, machines[region] ?? {});
      response.writeHead(text === null ? 400 : 200, { 'content-type': 'text/xml' });
      response.end(text ?? '<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    machines,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answers(action: string, machines: Readonly<Record<string, string>>): string | null {
  if (action === 'GetCallerIdentity') {
    return '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><Arn>arn:aws:iam::1:user/t</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>';
  }
  if (action === 'DescribeInstances') {
    const items = Object.entries(machines).map(
      ([id, state]) =>
        `<item><instanceId>${id}</instanceId><instanceType>g5.xlarge</instanceType><instanceState><name>${state}</name></instanceState><launchTime>2026-11-25T10:00:00Z</launchTime></item>`,
    );
    return `<DescribeInstancesResponse><reservationSet><item><instancesSet>${items.join('')}</instancesSet></item></reservationSet></DescribeInstancesResponse>`;
  }
  return null;
}

const configure = (name: string, value: unknown) =>
  vscode.workspace.getConfiguration('skillet').update(name, value, vscode.ConfigurationTarget.Global);

async function nodesBelow(api: SkilletApi, parent?: InstanceNode): Promise<InstanceNode[]> {
  return (await api.cloud.explorer.tree.provider.getChildren(parent)) ?? [];
}

/** The machines' nodes, by id. */
async function machineNodes(api: SkilletApi): Promise<Map<string, InstanceNode>> {
  const found = new Map<string, InstanceNode>();
  const visit = async (parent?: InstanceNode): Promise<void> => {
    for (const node of await nodesBelow(api, parent)) {
      if (node.kind === 'instance') {
        found.set(node.instance.id, node);
      }
      await visit(node);
    }
  };
  await visit();
  return found;
}

/** What the view itself gets for its roots, from now on. */
function noteAnswers<T>(provider: vscode.TreeDataProvider<T>): (readonly T[])[] {
  const answers: (readonly T[])[] = [];
  const { getChildren } = provider;
  provider.getChildren = async (parent) => {
    const children = (await getChildren.call(provider, parent)) ?? [];
    answers.push(children);
    return children;
  };
  return answers;
}

/** The bundles of providers that this process has loaded, whoever did it. */
function bundlesInMemory(): string[] {
  return Object.keys(createRequire(__filename).cache).filter((file) =>
    /[\\/]dist[\\/](aws|azure|gcp)\.cjs$/.test(file),
  );
}

describe('instances', () => {
  let standIn: StandIn;
  let folder: string;
  const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;

  before(async () => {
    standIn = await startStandIn();
    folder = mkdtempSync(path.join(tmpdir(), 'skillet-instances-'));
  });
  after(async () => {
    await configure('aws.regions', undefined);
    for (const [name, value] of Object.entries({ AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE })) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
    await standIn.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('neither activation nor a look at the view loads anything of a provider without an account', async () => {
    process.env.AWS_CONFIG_FILE = path.join(folder, 'none');
    process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(folder, 'none');
    const api = await skillet();
    assert.deepEqual(bundlesInMemory(), []);
    const { explorer, jobsTree } = api.cloud;
    const answers = { instances: noteAnswers(explorer.tree.provider), jobs: noteAnswers(jobsTree) };
    await vscode.commands.executeCommand('skillet.jobs.focus');
    await vscode.commands.executeCommand('skillet.refreshJobs');
    await until(() => answers.jobs.length > 0);
    await vscode.commands.executeCommand('skillet.instances.focus');
    await until(() => explorer.tree.view.visible);
    await vscode.commands.executeCommand('skillet.refreshInstances');
    await until(() => answers.instances.length > 0);
    assert.deepEqual([...answers.instances, ...answers.jobs].flat(), []);
    assert.deepEqual(api.cloud.modules.loaded(), []);
    assert.deepEqual(bundlesInMemory(), []);
  });

  it('once there is an account its machines are listed, and a row that changes stays the same node', async () => {
    const file = path.join(folder, 'config');
    writeFileSync(
      file,
      `[default]\nregion = us-east-1\nendpoint_url = ${standIn.url}\naws_access_key_id = AKIATEST\naws_secret_access_key = test\n`,
    );
    process.env.AWS_CONFIG_FILE = file;
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    standIn.machines['us-east-1'] = { 'i-1': 'running', 'i-2': 'stopped' };
    const api = await skillet();
    await configure('aws.regions', ['us-east-1', 'eu-west-1']);
    await vscode.commands.executeCommand('skillet.refreshInstances');
    const first = await until(async () => {
      const nodes = await machineNodes(api);
      return nodes.size === 2 ? nodes : null;
    });
    assert.deepEqual(api.cloud.modules.loaded(), ['aws']);
    const items = await Promise.all(
      [...first.values()].map((node) => api.cloud.explorer.tree.provider.getTreeItem(node)),
    );
    assert.deepEqual(
      items.map(({ id, contextValue }) => [id, contextValue]),
      [
        ['aws/us-east-1/i-1', 'instance.running'],
        ['aws/us-east-1/i-2', 'instance.stopped'],
      ],
    );
    standIn.machines['us-east-1'] = { 'i-1': 'running', 'i-2': 'running' };
    await vscode.commands.executeCommand('skillet.refreshInstances');
    const second = await machineNodes(api);
    assert.equal(second.get('i-2'), first.get('i-2'));
    const node = second.get('i-2');
    assert.ok(node?.kind === 'instance' && node.instance.state === 'running');
  });

  it('a page of a machine follows it', async () => {
    const api = await skillet();
    const ref = { provider: 'aws', region: 'us-east-1', id: 'i-1' } as const;
    await vscode.commands.executeCommand('skillet.showInstance', { instance: ref });
    const state = () => api.cloud.explorer.pages.told(ref)?.row?.instance.state;
    await until(() => state() === 'running');
    standIn.machines['us-east-1'] = { 'i-1': 'stopped' };
    await vscode.commands.executeCommand('skillet.refreshInstances');
    await until(() => state() === 'stopped');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('the machines are followed while the view can be seen, and not after', async () => {
    const api = await skillet();
    const [account] = api.cloud.explorer.accounts.open();
    assert.ok(account);
    // That a fleet which is not seen asks nothing is told by its own tests, with a clock of theirs.
    const seen: boolean[] = [];
    const { setVisible } = account.fleet;
    account.fleet.setVisible = (isVisible) => {
      seen.push(isVisible);
      setVisible(isVisible);
    };
    await vscode.commands.executeCommand('workbench.view.explorer');
    await until(() => seen.at(-1) === false);
    await vscode.commands.executeCommand('skillet.instances.focus');
    await until(() => seen.at(-1) === true);
    account.fleet.setVisible = setVisible;
  });
});
