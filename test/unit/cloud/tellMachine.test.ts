/** The drill on a machine whose shell is this computer's: the notice is written, and a real one is left alone. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { drillNotice, tellMachine } from '../../../src/cloud/tellMachine.ts';
import { sshModule } from '../../../src/node/ssh/ssh.ts';
import { makeKey, writeKey } from '../../fixtures/ssh/sshKeys.ts';
import { type SshServerOptions, startSshServer } from '../../fixtures/ssh/sshServer.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

const skip = process.getuid?.() === 0 ? false : 'the drill needs sudo, which only root goes without';
const signal = AbortSignal.timeout(30_000);

async function machine(t: TestContext, onCommand?: SshServerOptions['onCommand']) {
  const [host, user] = [makeKey(), makeKey()];
  const server = await startSshServer({
    ...{ hostKeys: [host.private], users: [user.public] },
    ...(onCommand === undefined ? {} : { onCommand }),
  });
  t.after(server.stop);
  const home = tempFolder(t);
  const connection = await sshModule.connectSsh({
    target: { host: '127.0.0.1', port: server.port, user: 'u', alias: 'a', hostKeys: [host.public] },
    keyFiles: [writeKey(home, 'key', user)],
    agent: null,
    knownHostsFile: path.join(home, 'known_hosts'),
    askPassphrase: async () => null,
    askHostKey: async () => false,
    signal,
  });
  t.after(() => connection.end());
  return { connection, folder: path.join(home, 'run') };
}

const notice = drillNotice({ provider: 'aws', region: 'us-east-1', id: 'i-1' }, Date.parse('2026-11-25T10:00:00Z'));

test('the machine has the notice that its guard would write, marked as a drill', { skip }, async (t) => {
  const { connection, folder } = await machine(t);
  await tellMachine(connection, { notice, folder, signal, keptS: 2 });
  await tellMachine(connection, { notice, folder, signal, keptS: 2 }); // Over another drill.
  assert.deepEqual(JSON.parse(readFileSync(path.join(folder, 'notice.json'), 'utf8')), {
    kind: 'interruption',
    at: '2026-11-25T10:02:00.000Z',
    action: 'terminate',
    drill: true,
  });
  await waitFor('the machine to forget it', () => !existsSync(path.join(folder, 'notice.json')));
});

test('a real notice is left alone', { skip }, async (t) => {
  const { connection, folder } = await machine(t);
  mkdirSync(folder);
  const real = '{"kind":"interruption","action":"stop","at":null}\n';
  writeFileSync(path.join(folder, 'notice.json'), real);
  await assert.rejects(tellMachine(connection, { notice, folder, signal }), { code: 'cloud-state' });
  assert.equal(readFileSync(path.join(folder, 'notice.json'), 'utf8'), real);
});

test('a machine that does not let it be written says why', async (t) => {
  const { connection } = await machine(t, () => ({ stdout: 'sudo: a password is required\n', code: 1 }));
  await assert.rejects(tellMachine(connection, { notice, signal }), {
    code: 'cloud-connect',
    message: 'The notice cannot be written on the machine: sudo: a password is required.',
  });
});
