/** The configuration of SSH: one line in the person's own file, Skillet's hosts in another, all else byte for byte. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { withKeys } from '../../../../src/node/ssh/knownHosts.ts';
import { sshCommandLine } from '../../../../src/node/ssh/sshArguments.ts';
import {
  addSshHost,
  removeSshHost,
  type SshHost,
  withHost,
  withInclude,
  withoutHost,
  withoutInclude,
} from '../../../../src/node/ssh/sshConfig.ts';
import { findKeyFile, sshFiles } from '../../../../src/node/ssh/sshFiles.ts';
import { tempFolder } from '../../../fixtures/tempFolder.ts';

const GPU: SshHost = {
  name: 'gpu box',
  alias: 'skillet-i-0abc',
  host: '203.0.113.5',
  port: 22,
  user: 'ubuntu',
  keyFile: '/home/a b/key 100%.pem',
};

const anyLine = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'Host *',
    '    HostName 10.0.0.1',
    'Match all',
    '# note',
    '',
    '  Include other',
    'Host skillet-mine',
    '\tUser me',
  ),
);
const anyConfig = fc
  .tuple(fc.array(anyLine), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, isEnded]) => lines.join(end) + (isEnded ? end : ''))
  .filter((text) => !/^\s*Include\s+"?(~\/\.ssh\/)?skillet_config/im.test(text));

test('the line is put in front once and taken away again, and every other byte stays', () => {
  fc.assert(
    fc.property(anyConfig, (config) => {
      const once = withInclude(config);
      assert.ok(once.endsWith(config));
      assert.match(once.slice(0, once.length - config.length), /^Include skillet_config\r?\n$/);
      assert.equal(withInclude(once), once);
      assert.equal(withoutInclude(once), config);
    }),
  );
});

test('a line that a person has put among others is left, unless it counts for one host alone', () => {
  const moved = '# mine\nInclude "~/.ssh/skillet_config"\nHost *\n';
  assert.equal(withInclude(moved), moved);
  const below = 'Host a\n  Include skillet_config\n';
  assert.equal(withInclude(below), `Include skillet_config\n${below}`);
});

const anyHost = fc.record({
  name: fc.option(fc.constantFrom('gpu', 'gpu box', 'Größe', 'a/b', 'trainer-1'), { nil: null }),
  alias: fc.constantFrom('skillet-i-0000001', 'skillet-i-0000002', 'skillet-i-0000003'),
  host: fc.ipV4(),
  port: fc.integer({ min: 1, max: 65_535 }),
  user: fc.constantFrom('ubuntu', 'ec2-user'),
  keyFile: fc.option(fc.constant('/keys/a.pem'), { nil: null }),
});

test('hosts are added, changed and removed without touching what else is in the file', () => {
  fc.assert(
    fc.property(
      fc.array(anyHost),
      fc.array(fc.constantFrom('# note', '', 'Host other\n    User me')),
      (hosts, mine) => {
        let text = mine.map((line) => `${line}\n`).join('');
        const last = new Map<string, SshHost>();
        for (const host of hosts) {
          text = withHost(text, host, '/k').text;
          last.set(host.alias, host);
          assert.equal(withHost(text, host, '/k').text, text);
        }
        const aliases = [...text.matchAll(/HostKeyAlias (\S+)/g)].map((match) => match[1]);
        assert.deepEqual(aliases.toSorted(), [...last.keys()].toSorted());
        const names = [...text.matchAll(/^Host (\S+)/gm)].map((match) => match[1]).filter((name) => name !== 'other');
        assert.equal(new Set(names).size, names.length);
        for (const alias of last.keys()) {
          text = withoutHost(text, alias);
        }
        const kept = text.split('\n').filter((line) => line !== '' && !line.startsWith('# Written by'));
        assert.deepEqual(
          kept,
          mine.flatMap((line) => line.split('\n')).filter((line) => line !== ''),
        );
      },
    ),
  );
});

test('a machine is added, follows its address, and leaves nothing behind', async (t) => {
  const files = sshFiles(tempFolder(t));
  mkdirSync(files.folder);
  writeFileSync(files.config, 'Host mine\n  User me', { mode: 0o640 });
  assert.equal(await addSshHost(files, GPU), 'skillet-gpu-box');
  assert.equal(readFileSync(files.config, 'utf8'), 'Include skillet_config\nHost mine\n  User me');
  assert.equal(statSync(files.config).mode & 0o777, 0o640);
  assert.equal(statSync(files.skilletConfig).mode & 0o777, 0o600);
  assert.equal(
    readFileSync(files.skilletConfig, 'utf8').split('\n').slice(2).join('\n'),
    `Host skillet-gpu-box
    HostName 203.0.113.5
    Port 22
    User ubuntu
    IdentityFile "/home/a b/key 100%%.pem"
    HostKeyAlias skillet-i-0abc
    UserKnownHostsFile "${files.knownHosts}"
    ServerAliveInterval 30
`,
  );
  await addSshHost(files, { ...GPU, host: '203.0.113.99', name: 'renamed' });
  const moved = readFileSync(files.skilletConfig, 'utf8');
  assert.match(moved, /Host skillet-renamed\n {4}HostName 203\.0\.113\.99/);
  assert.doesNotMatch(moved, /203\.0\.113\.5\b/);
  assert.equal(
    await addSshHost(files, { ...GPU, alias: 'skillet-i-0dead1', name: 'renamed' }),
    'skillet-renamed-0dead1',
  );
  assert.equal(await removeSshHost(files, 'skillet-i-0dead1'), true);
  assert.equal(await removeSshHost(files, 'skillet-i-0dead1'), false);
  assert.equal(await removeSshHost(files, GPU.alias), true);
  assert.equal(readFileSync(files.config, 'utf8'), 'Host mine\n  User me');
  assert.equal(existsSync(files.skilletConfig), false);
});

test('without any file of SSH they are made, for their owner alone', async (t) => {
  const files = sshFiles(path.join(tempFolder(t), 'home'));
  await addSshHost(files, GPU);
  assert.equal(statSync(files.folder).mode & 0o777, 0o700);
  assert.equal(statSync(files.config).mode & 0o777, 0o600);
});

test("a host's keys are replaced in the file of hosts, and all other lines stay", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a ssh-rsa AAA1', '# c', '', 'b ssh-rsa AAA2', 'ab ssh-rsa AAA3')),
      fc.boolean(),
      (lines, isEnded) => {
        const text = lines.join('\n') + (isEnded ? '\n' : '');
        const changed = withKeys(text, 'a', ['ssh-ed25519 NEW']);
        assert.deepEqual(
          changed.split('\n').filter((line) => line !== '' && !line.startsWith('a ')),
          lines.filter((line) => line !== '' && !line.startsWith('a ')),
        );
        assert.deepEqual(
          changed.split('\n').filter((line) => line.startsWith('a ')),
          ['a ssh-ed25519 NEW'],
        );
        assert.equal(withKeys(changed, 'a', ['ssh-ed25519 NEW']), changed);
      },
    ),
  );
});

test('the command line is one that a shell understands', () => {
  assert.equal(
    sshCommandLine({ ...GPU, port: 2222 }, '/home/a/.ssh/skillet_known_hosts'),
    `ssh -i '/home/a b/key 100%.pem' -p 2222 -o HostKeyAlias=skillet-i-0abc -o 'UserKnownHostsFile="/home/a/.ssh/skillet_known_hosts"' -o ServerAliveInterval=30 ubuntu@203.0.113.5`,
  );
});

test('the file of a key pair is found where people keep it', (t) => {
  const folder = tempFolder(t);
  writeFileSync(path.join(folder, 'book.pem'), '');
  writeFileSync(path.join(folder, 'plain'), '');
  assert.equal(findKeyFile('book', folder), path.join(folder, 'book.pem'));
  assert.equal(findKeyFile('plain', folder), path.join(folder, 'plain'));
  assert.deepEqual(
    [findKeyFile('gone', folder), findKeyFile('../x', folder), findKeyFile(null, folder)],
    [null, null, null],
  );
});

test('bytes of the own file that are no UTF-8 stay as they are, there and back', async (t) => {
  const files = sshFiles(tempFolder(t));
  mkdirSync(files.folder);
  const before = Buffer.from('# f\xfcr alle\nHost a\n    User \xe4\n', 'latin1');
  writeFileSync(files.config, before);
  await addSshHost(files, GPU);
  assert.deepEqual(readFileSync(files.config), Buffer.concat([Buffer.from('Include skillet_config\n'), before]));
  await removeSshHost(files, GPU.alias);
  assert.deepEqual(readFileSync(files.config), before);
});
