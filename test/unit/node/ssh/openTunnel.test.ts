/** Tunnels through a server of ssh2's: bytes both ways, many at once, a machine that goes away and comes back. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { sshModule } from '../../../../src/node/ssh/ssh.ts';
import type { TunnelState } from '../../../../src/node/ssh/sshTypes.ts';
import { makeKey, writeKey } from '../../../fixtures/ssh/sshKeys.ts';
import { startSshServer } from '../../../fixtures/ssh/sshServer.ts';
import { tempFolder, waitFor } from '../../../fixtures/tempFolder.ts';

const host = makeKey();
const user = makeKey();

/** Says back what it hears, as capitals. */
async function startProgram(t: TestContext): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => socket.write(bytes.toString().toUpperCase()));
  });
  t.after(() => server.close());
  return listen(server);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function tunnelTo(t: TestContext, remotePort: number, retryMs: readonly number[] = [20, 20, 20], wish?: number) {
  const server = await startSshServer({ hostKeys: [host.private], users: [user.public] });
  t.after(server.stop);
  const folder = tempFolder(t);
  const states: TunnelState[] = [];
  const tunnel = await sshModule.openTunnel({
    connect: (signal) =>
      sshModule.connectSsh({
        target: { host: '127.0.0.1', port: server.port, user: 'u', alias: 'a', hostKeys: [host.public] },
        keyFiles: [writeKey(folder, 'key', user)],
        agent: null,
        knownHostsFile: path.join(folder, 'known_hosts'),
        askPassphrase: async () => null,
        askHostKey: async () => false,
        signal,
      }),
    remotePort,
    preferredPort: wish ?? 0,
    onState: (state) => void states.push(state),
    signal: AbortSignal.timeout(30_000),
    retryMs,
  });
  t.after(tunnel.close);
  return { tunnel, server, states };
}

async function say(port: number, words: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
    if (heard.length >= words.length) {
      socket.end();
    }
  });
  socket.write(words);
  await once(socket, 'close');
  return heard;
}

test('bytes go both ways, for many at once, over one connection', async (t) => {
  const { tunnel, server } = await tunnelTo(t, await startProgram(t));
  const words = Array.from({ length: 40 }, (_, i) => `word ${i} `.repeat(500));
  assert.deepEqual(
    await Promise.all(words.map((word) => say(tunnel.localPort, word))),
    words.map((word) => word.toUpperCase()),
  );
  assert.equal(server.signedIn(), 1);
});

test('a port that is in use here is replaced by one that is free', async (t) => {
  const port = await startProgram(t); // In use, on both ends.
  const { tunnel } = await tunnelTo(t, port, undefined, port);
  assert.notEqual(tunnel.localPort, port);
  assert.equal(await say(tunnel.localPort, 'hello'), 'HELLO');
});

test('a wished port that is free is taken', async (t) => {
  const taken = createServer();
  const port = await listen(taken);
  await new Promise((resolve) => taken.close(resolve));
  const { tunnel } = await tunnelTo(t, await startProgram(t), undefined, port);
  assert.equal(tunnel.localPort, port);
});

test('a connection that breaks is told and made anew, and the port stays', async (t) => {
  const { tunnel, server, states } = await tunnelTo(t, await startProgram(t));
  assert.equal(await say(tunnel.localPort, 'before'), 'BEFORE');
  server.dropAll();
  await waitFor('the tunnel to be open again', () => states.at(-1)?.state === 'open');
  assert.deepEqual(
    states.map(({ state }) => state),
    ['reconnecting', 'open'],
  );
  assert.equal(await say(tunnel.localPort, 'after'), 'AFTER');
  assert.equal(server.signedIn(), 2);
});

test('somebody who comes while it is made anew waits for it', async (t) => {
  const { tunnel, server, states } = await tunnelTo(t, await startProgram(t), [300]);
  server.dropAll();
  await waitFor('the loss to be told', () => states.length === 1);
  assert.equal(await say(tunnel.localPort, 'patience'), 'PATIENCE');
});

test('a machine that stays away ends the tunnel with the fault', async (t) => {
  const { tunnel, server, states } = await tunnelTo(t, await startProgram(t));
  await server.stop();
  const fault = (await tunnel.closed) as (Error & { code?: string }) | null;
  assert.equal(fault?.code, 'cloud-network');
  assert.equal(states.filter(({ state }) => state === 'reconnecting').length, 1);
  await assert.rejects(say(tunnel.localPort, 'nobody'), { code: 'ECONNREFUSED' });
});

test('a port at which nothing answers is told, and the tunnel stays', async (t) => {
  const closed = createServer();
  const port = await listen(closed);
  await new Promise((resolve) => closed.close(resolve));
  const { tunnel, states } = await tunnelTo(t, port);
  assert.equal(await say(tunnel.localPort, 'hello'), '');
  assert.equal(states[0]?.state, 'refused');
  assert.match((states[0] as { fault: string }).fault, new RegExp(`^Nothing answers at port ${port} of the machine`));
});

test('a closed tunnel is no fault, and takes its port and what goes through it along', async (t) => {
  const { tunnel } = await tunnelTo(t, await startProgram(t));
  const socket = connect(tunnel.localPort, '127.0.0.1');
  await once(socket, 'connect');
  const gone = once(socket, 'close');
  await tunnel.close();
  await gone;
  assert.equal(await tunnel.closed, null);
  await assert.rejects(say(tunnel.localPort, 'nobody'), { code: 'ECONNREFUSED' });
});
