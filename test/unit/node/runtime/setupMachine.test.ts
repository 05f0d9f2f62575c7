/** What setup suggests for a machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seesNvidiaDriver, setupPlatform, suggestFlavours } from '../../../../src/node/runtime/setupMachine.ts';

const none = () => false;
const only =
  (...files: string[]) =>
  (file: unknown) =>
    files.includes(String(file));

test('the platform is named after system and processor, and musl is told apart', () => {
  assert.equal(setupPlatform({ platform: 'linux', arch: 'x64' }, only('/etc/ld.so.cache')), 'linux-x64');
  assert.equal(setupPlatform({ platform: 'linux', arch: 'x64' }, only('/lib/ld-musl-x86_64.so.1')), 'linux-x64-musl');
  assert.equal(
    setupPlatform({ platform: 'linux', arch: 'arm64' }, only('/lib/ld-musl-aarch64.so.1')),
    'linux-arm64-musl',
  );
  const both = only('/etc/ld.so.cache', '/lib/ld-musl-x86_64.so.1');
  assert.equal(setupPlatform({ platform: 'linux', arch: 'x64' }, both), 'linux-x64', 'a musl beside glibc');
  assert.equal(setupPlatform({ platform: 'darwin', arch: 'arm64' }, none), 'darwin-arm64');
});

test('an NVIDIA driver is seen by its kernel module or its tool on the PATH, on Linux alone', () => {
  const linux = { platform: 'linux', env: { PATH: '/usr/bin:/opt/nvidia/bin' } } as const;
  assert.equal(seesNvidiaDriver(linux, none), false);
  assert.equal(seesNvidiaDriver(linux, only('/proc/driver/nvidia/version')), true);
  assert.equal(seesNvidiaDriver(linux, only('/opt/nvidia/bin/nvidia-smi')), true);
  assert.equal(
    seesNvidiaDriver({ ...linux, platform: 'win32' }, () => true),
    false,
  );
});

test('the flavour that suits the machine stands first; a platform without TensorFlow has none', () => {
  assert.deepEqual(suggestFlavours('linux-x64', true), ['cuda', 'cpu']);
  assert.deepEqual(suggestFlavours('linux-x64', false), ['cpu', 'cuda']);
  assert.deepEqual(suggestFlavours('linux-arm64', true), ['cpu']);
  assert.deepEqual(suggestFlavours('win32-x64', true), []);
});
