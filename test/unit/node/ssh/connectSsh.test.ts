/** Connections over SSH to a server of ssh2's on the loopback address: hosts are held to their keys, keys let one in. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fingerprintOf } from '../../../../src/node/ssh/hostKey.ts';
import { sshModule } from '../../../../src/node/ssh/ssh.ts';
import type { HostKeyQuestion, SshConnection, SshOptions } from '../../../../src/node/ssh/sshTypes.ts';
import { makeKey, writeKey } from '../../../fixtures/ssh/sshKeys.ts';
import { type SshServerOptions, startSshServer } from '../../../fixtures/ssh/sshServer.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const host = makeKey();
const user = makeKey();

async function machine(t: TestContext, options: Partial<SshServerOptions> = {}) {
  const server = await startSshServer({ hostKeys: [host.private], users: [user.public], ...options });
  t.after(server.stop);
  const folder = tempFolder(t);
  const asked: HostKeyQuestion[] = [];
  const open = async (part: Partial<SshOptions> = {}, told: readonly string[] = []): Promise<SshConnection> => {
    const connection = await sshModule.connectSsh({
      target: { host: '127.0.0.1', port: server.port, user: 'ubuntu', alias: 'skillet-i-1', hostKeys: told },
      keyFiles: [writeKey(folder, 'key.pem', user)],
      agent: null,
      knownHostsFile: path.join(folder, 'known_hosts'),
      askPassphrase: async () => null,
      askHostKey: async (question) => asked.push(question) > 0,
      signal: AbortSignal.timeout(20_000),
      ...part,
    });
    t.after(() => connection.end());
    return connection;
  };
  return { server, folder, asked, open, knownHosts: () => readFileSync(path.join(folder, 'known_hosts'), 'utf8') };
}

test('a key that the provider was told is trusted without a question, and kept', async (t) => {
  const { open, asked, knownHosts, folder } = await machine(t);
  await open({}, [`${host.public} root@ip-10-0-0-1`, 'ssh-rsa AAAAother']);
  assert.deepEqual(asked, []);
  assert.match(knownHosts(), /^skillet-i-1 ssh-ed25519 /);
  assert.equal(statSync(path.join(folder, 'known_hosts')).mode & 0o777, 0o600);
});

test('an unknown host is asked about once, by its fingerprint, and known from then on', async (t) => {
  const { open, asked } = await machine(t);
  await open();
  await open();
  assert.deepEqual(asked, [{ host: '127.0.0.1', type: 'ssh-ed25519', fingerprint: fingerprintOf(host.public) }]);
});

test('an unknown host that is not accepted is not signed in to', async (t) => {
  const { open, server } = await machine(t);
  await assert.rejects(open({ askHostKey: async () => false }), {
    code: 'cloud-connect',
    message: 'Its host key was not accepted.',
  });
  assert.deepEqual(server.userNames, []);
});

test('a host whose key has changed is refused before anything is shown to it', async (t) => {
  const { open, folder, server } = await machine(t);
  writeFileSync(path.join(folder, 'known_hosts'), `other ssh-rsa AAAA\nskillet-i-1 ${makeKey().public}\n`);
  await assert.rejects(open(), (error: Error & { code: string; remedy: string }) => {
    assert.equal(error.code, 'cloud-connect');
    assert.match(
      error.message,
      /^This is not the machine that it should be: its host key is SHA256:\S+, and it was SHA256:/,
    );
    assert.match(error.remedy, /remove the lines of skillet-i-1 from/);
    return true;
  });
  assert.deepEqual(server.userNames, []);
});

test('what the provider was told counts more than what was trusted before', async (t) => {
  const { open } = await machine(t);
  await open(); // Trusted by hand.
  await assert.rejects(open({}, [makeKey().public]), { code: 'cloud-connect' });
});

test('a key that the machine does not take is named', async (t) => {
  const { open, folder } = await machine(t);
  const wrong = writeKey(folder, 'wrong.pem', makeKey());
  await assert.rejects(open({ keyFiles: [wrong] }), {
    code: 'cloud-connect',
    path: 'ubuntu@127.0.0.1',
    message: `It does not take ${wrong}.`,
  });
});

test('without any key the refusal says so; files that are no keys are told with their reason', async (t) => {
  const { open, folder } = await machine(t);
  await assert.rejects(open({ keyFiles: [] }), { message: 'There is no key to sign in with.' });
  const text = path.join(folder, 'notes.txt');
  writeFileSync(text, 'no key');
  await assert.rejects(open({ keyFiles: [text, path.join(folder, 'gone')] }), {
    message: `There is no key to sign in with; ${text} is no private key; ${path.join(folder, 'gone')} cannot be read (ENOENT).`,
  });
});

test('the second key file is tried where the first is not taken', async (t) => {
  const { open, folder } = await machine(t);
  await open({ keyFiles: [writeKey(folder, 'wrong.pem', makeKey()), writeKey(folder, 'right.pem', user)] });
});

test('an encrypted key asks for its passphrase when it is its turn', async (t) => {
  const locked = makeKey('open sesame');
  const { open, folder } = await machine(t, { users: [locked.public] });
  const file = writeKey(folder, 'locked.pem', locked);
  const asked: string[] = [];
  const askPassphrase = async (name: string) => {
    asked.push(name);
    return 'open sesame';
  };
  await open({ keyFiles: [file], askPassphrase });
  assert.deepEqual(asked, [file]);
  await assert.rejects(open({ keyFiles: [file], askPassphrase: async () => 'wrong' }), {
    message: `There is no key to sign in with; ${file} has another passphrase.`,
  });
  await assert.rejects(open({ keyFiles: [file] }), {
    message: `There is no key to sign in with; ${file} needs a passphrase.`,
  });
});

test('a machine that does not answer is a fault of the network, which may pass', async (t) => {
  const { open, server } = await machine(t);
  await server.stop();
  await assert.rejects(open(), {
    code: 'cloud-network',
    message: 'The machine cannot be reached over SSH: nothing answers at that port.',
  });
});

test('the limit counts no time in which somebody is asked', async (t) => {
  const { open } = await machine(t);
  let isAnswered = false;
  await open({
    limitMs: 1000,
    askHostKey: () =>
      new Promise((resolve) =>
        setTimeout(() => {
          isAnswered = true;
          resolve(true);
        }, 1500),
      ),
  });
  assert.equal(isAnswered, true);
});

test('a connection that is no longer wanted ends as one that was cancelled', async (t) => {
  const { open } = await machine(t);
  const stop = new AbortController();
  const askHostKey = () => {
    stop.abort();
    return new Promise<boolean>(() => undefined);
  };
  await assert.rejects(open({ signal: stop.signal, askHostKey }), { name: 'AbortError' });
});

test('an answer that comes after all is over starts no limit, which would keep the program alive', async (t) => {
  const { open } = await machine(t);
  const stop = new AbortController();
  let answer: (isRight: boolean) => void = () => undefined;
  const askHostKey = () => {
    stop.abort();
    return new Promise<boolean>((resolve) => {
      answer = resolve;
    });
  };
  await assert.rejects(open({ signal: stop.signal, askHostKey, limitMs: 7_654_321 }), { name: 'AbortError' });
  const started = t.mock.method(globalThis, 'setTimeout');
  answer(false);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!started.mock.calls.some(({ arguments: [, ms] }) => (ms ?? 0) > 7_000_000));
});

test('a command streams what it says, takes what it is given, and tells how it ended', async (t) => {
  const { open } = await machine(t);
  const connection = await open();
  const seen: string[] = [];
  const result = await connection.exec('cat; echo oops >&2; exit 3', {
    signal: AbortSignal.timeout(10_000),
    input: 'given',
    onOutput: (text, stream) => void seen.push(`${stream} ${text}`),
  });
  assert.deepEqual(result, { code: 3, stdout: 'given', stderr: 'oops\n' });
  assert.deepEqual(seen.toSorted(), ['stderr oops\n', 'stdout given']);
});

test('a shell echoes, and ends', async (t) => {
  const { open } = await machine(t);
  const shell = await (await open()).shell({ columns: 80, rows: 24 });
  let said = '';
  shell.onOutput((text) => {
    said += text;
  });
  shell.resize({ columns: 100, rows: 30 });
  shell.write('exit\n');
  await shell.closed;
  assert.equal(said, 'machine$ you said exit\n');
});

test('a connection that breaks tells so; one that is ended from here does not', async (t) => {
  const { open, server } = await machine(t);
  const first = await open();
  const running = first.exec('sleep 60', { signal: AbortSignal.timeout(15_000) });
  running.catch(() => undefined);
  server.dropAll();
  assert.equal(((await first.closed) as { code?: string } | null)?.code, 'cloud-network');
  await assert.rejects(running, { code: 'cloud-network' });
  const second = await open();
  second.end();
  assert.equal(await second.closed, null);
});
