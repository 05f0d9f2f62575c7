/** Connections to OpenSSH's own server, run by the person of the tests on the loopback address. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test as nodeTest, type TestContext } from 'node:test';
import { sshModule } from '../../../../src/node/ssh/ssh.ts';
import type { SshConnection, SshOptions } from '../../../../src/node/ssh/sshTypes.ts';
import { tryPort } from '../../../../src/node/ssh/tryPort.ts';
import { makeKey, writeKey } from '../../../fixtures/ssh/sshKeys.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const SSHD = '/usr/sbin/sshd';
const skip = existsSync(SSHD) ? false : `${SSHD} is not there: install OpenSSH's server`;
const never = new AbortController().signal;
const host = makeKey();
const user = makeKey();

const test = (name: string, body: (t: TestContext) => Promise<void>) => nodeTest(name, { skip, timeout: 60_000 }, body);

async function listenLocally(t: TestContext, answer = ''): Promise<number> {
  const server = createServer((socket) => socket.end(answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as { port: number }).port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function machine(t: TestContext) {
  const folder = tempFolder(t);
  const port = await freePort();
  if (process.getuid?.() === 0) {
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }); // The server wants it where it is root's.
  }
  writeFileSync(path.join(folder, 'authorized_keys'), `${user.public}\n`, { mode: 0o600 });
  const config = path.join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${writeKey(folder, 'host_key', host)}`,
      `AuthorizedKeysFile ${path.join(folder, 'authorized_keys')}`,
      ...['PidFile none', 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'PermitRootLogin yes'],
    ].join('\n'),
  );
  const server = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const said = text(server.stderr);
  const ended = once(server, 'close');
  t.after(async () => {
    process.kill(-(server.pid ?? Number.NaN), 'SIGTERM');
    await ended;
  });
  const isOver = ended.then(() => said.then((words) => Promise.reject(new Error(`sshd has ended: ${words}`))));
  isOver.catch(() => undefined);
  const isUp = async () => {
    while ((await tryPort('127.0.0.1', port, AbortSignal.timeout(5000))) !== null) {
      t.signal.throwIfAborted();
    }
  };
  await Promise.race([isUp(), isOver]);
  const knownHostsFile = path.join(folder, 'known_hosts');
  const open = async (
    part: Partial<SshOptions> = {},
    told: readonly string[] = [host.public],
  ): Promise<SshConnection> => {
    const connection = await sshModule.connectSsh({
      target: { host: '127.0.0.1', port, user: userInfo().username, alias: 'skillet-i-1', hostKeys: told },
      keyFiles: [writeKey(folder, 'key.pem', user)],
      ...{ agent: null, knownHostsFile, askPassphrase: async () => null, askHostKey: async () => true },
      signal: AbortSignal.timeout(30_000),
      ...part,
    });
    t.after(() => connection.end());
    return connection;
  };
  return { folder, knownHostsFile, open };
}

test('a command runs there, with its output and its exit code', async (t) => {
  const { open } = await machine(t);
  const connection = await open();
  assert.deepEqual(await connection.exec('echo out; echo err >&2; exit 3', { signal: never }), {
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  });
  assert.equal((await connection.exec('cat', { signal: never, input: 'given' })).stdout, 'given');
  connection.end();
  assert.equal(await connection.closed, null);
});

test('a tunnel carries bytes, and nothing listens any more once it is closed', async (t) => {
  const { open } = await machine(t);
  const remotePort = await listenLocally(t, 'hello from there');
  const tunnel = await sshModule.openTunnel({
    ...{ connect: (signal) => open({ signal }), remotePort, preferredPort: remotePort, signal: never },
  });
  assert.notEqual(tunnel.localPort, remotePort);
  assert.equal(await text(connect(tunnel.localPort, '127.0.0.1')), 'hello from there');
  await tunnel.close();
  assert.equal(await tunnel.closed, null);
  assert.equal(await tryPort('127.0.0.1', tunnel.localPort, never), 'refused');
});

test('a key that the machine does not know lets nobody in', async (t) => {
  const { open, folder } = await machine(t);
  await assert.rejects(open({ keyFiles: [writeKey(folder, 'other.pem', makeKey())] }), {
    code: 'cloud-connect',
    message: /^It does not take .*other\.pem\.$/,
  });
});

test('a machine whose host key has changed is refused, and what was known of it stays', async (t) => {
  const { open, knownHostsFile } = await machine(t);
  const before = `skillet-i-1 ${makeKey().public}\n`;
  writeFileSync(knownHostsFile, before);
  await assert.rejects(open({}, []), { code: 'cloud-connect', message: /^This is not the machine that it should be/ });
  assert.equal(readFileSync(knownHostsFile, 'utf8'), before);
});
