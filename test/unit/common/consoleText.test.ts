/** What is read from a machine's console: host keys and notices. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHostKeysOf, readNoticesOf } from '../../../src/common/cloud/consoleText.ts';
import { servicesOfImage, userOfImage } from '../../../src/common/cloud/signIn.ts';

test('host keys are those of the last block, whatever stands before them in the line', () => {
  const console = `[   12.3] cloud-init[812]: ssh-rsa AAAAoutside
-----BEGIN SSH HOST KEY KEYS-----
ssh-ed25519 AAAAold root@ip-10-0-0-1
-----END SSH HOST KEY KEYS-----
ec2: -----BEGIN SSH HOST KEY KEYS-----\r
ec2: ecdsa-sha2-nistp256 AAAAE2Vj+/= root@ip-10-0-0-1\r
[   14.1] cloud-init[812]: ssh-ed25519 AAAAC3NzaC1lZDI1 root@ip-10-0-0-1\r
ec2: -----END SSH HOST KEY KEYS-----\r
ssh-rsa AAAAafter`;
  assert.deepEqual(readHostKeysOf(console), ['ecdsa-sha2-nistp256 AAAAE2Vj+/=', 'ssh-ed25519 AAAAC3NzaC1lZDI1']);
  assert.deepEqual(readHostKeysOf('no keys here'), []);
});

test('a block that was cut off gives what it has', () => {
  assert.deepEqual(readHostKeysOf('-----BEGIN SSH HOST KEY KEYS-----\nssh-ed25519 AAAAC3Nz'), ['ssh-ed25519 AAAAC3Nz']);
});

test('notices are read in their order; damaged ones and those of other kinds are passed over', () => {
  const console = `skillet-notice {"kind":"rebalance","at":null,"action":null,"seenAt":"2026-11-25T10:00:00Z"}
skillet-notice {"kind":"interrup
skillet-notice {"kind":"guard","at":"2026-11-25T10:04:00Z","action":"stop"}
[ 99.1] skillet-notice {"kind":"interruption","at":"2026-11-25T10:07:00Z","action":"stop","drill":true}\r`;
  assert.deepEqual(readNoticesOf(console), [
    { kind: 'rebalance', at: null, action: null, isDrill: false, seenAt: '2026-11-25T10:00:00Z' },
    { kind: 'interruption', at: '2026-11-25T10:07:00Z', action: 'stop', isDrill: true, seenAt: null },
  ]);
});

test("the guard's own sentences are notices too", () => {
  const console = `skillet-guard: 2026-11-25T10:00:00Z the provider says that this spot machine is at risk of being taken back.\r
skillet-guard: 2026-11-25T10:05:00Z this machine will stop in 10 minutes: idle.
[ 99.1] skillet-guard: 2026-11-25T10:05:03Z the provider takes this spot machine back (terminate) at 2026-11-25T10:07:00Z.\r`;
  assert.deepEqual(readNoticesOf(console), [
    { kind: 'rebalance', at: null, action: null, isDrill: false, seenAt: '2026-11-25T10:00:00Z' },
    {
      kind: 'interruption',
      at: '2026-11-25T10:07:00Z',
      action: 'terminate',
      isDrill: false,
      seenAt: '2026-11-25T10:05:03Z',
    },
  ]);
});

test('the user of a machine follows from what its image is called', () => {
  const users = Object.fromEntries(
    [
      'Deep Learning OSS Nvidia Driver AMI GPU TensorFlow 2.18 (Ubuntu 22.04) 20250601',
      'Deep Learning Base OSS Nvidia Driver GPU AMI (Amazon Linux 2023) 20250610',
      'RStudio Server with TensorFlow-GPU for AWS',
      'debian-12-amd64-20250601',
      'amzn2-ami-hvm-2.0.20250601',
      '',
    ].map((name) => [name, userOfImage(name)]),
  );
  assert.deepEqual(Object.values(users), ['ubuntu', 'ec2-user', 'ubuntu', 'admin', 'ec2-user', 'ubuntu']);
});

test('RStudio has its sign-in where it is the image of the book, and none that we know elsewhere', () => {
  assert.deepEqual(servicesOfImage('RStudio Server with TensorFlow-GPU', 'i-1')[0], {
    name: 'rstudio',
    port: 8787,
    user: 'rstudio-user',
    password: 'i-1',
  });
  assert.deepEqual(servicesOfImage('Ubuntu', 'i-1')[0], { name: 'rstudio', port: 8787, user: null, password: null });
});
