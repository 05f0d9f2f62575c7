/** The user data that installs the guard, read as cloud-init reads it. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { carriedScript, GUARD_MODULE, GUARD_SOURCE, strip } from '../../../../scripts/guardModule.mjs';
import { root } from '../../../../scripts/host/paths.mjs';
import { guardUserData, hasGuard } from '../../../../src/common/cloud/guardUserData.ts';
import type { GuardRule } from '../../../../src/common/cloud/launchProfile.ts';
import { toBase64, utf8 } from '../../../../src/common/cloud/utf8.ts';

const rule: GuardRule = { deadlineHours: 8, idleMinutes: 30, action: 'stop' };
const none: GuardRule = { deadlineHours: null, idleMinutes: null, action: 'stop' };

const python = process.platform === 'win32' ? 'python' : 'python3';
const noPython =
  spawnSync(python, ['--version']).status === 0 ? false : 'no Python here, which reads MIME as cloud-init does';

/** What cloud-init would make of it: the leaves of the message, decoded. */
function partsOf(text: string): { type: string; text: string }[] {
  const program = `import email, json, sys
message = email.message_from_string(sys.stdin.buffer.read().decode('utf-8'))
assert not message.defects, message.defects
parts = [part for part in message.walk() if part.get_content_maintype() != 'multipart']
print(json.dumps([{'type': part.get_content_type(), 'text': part.get_payload(decode=True).decode('utf-8')} for part in parts]))`;
  return JSON.parse(execFileSync(python, ['-c', program], { input: text, encoding: 'utf8' }));
}

test('the module carries the script as it is now', () => {
  const source = readFileSync(path.join(root, GUARD_SOURCE), 'utf8');
  assert.equal(carriedScript(readFileSync(path.join(root, GUARD_MODULE), 'utf8')), strip(source));
});

test('a guard alone is a script that unpacks it and tells it the rule', () => {
  const text = guardUserData({ guard: { deadlineHours: 1.5, idleMinutes: null, action: 'terminate' } });
  assert.match(text, /^#!\/bin\/sh\n/);
  assert.match(text, /^\/usr\/bin\/skillet-guard install 90 never terminate$/m);
  const packed = /^([A-Za-z0-9+/=]{100,})$/m.exec(text)?.[1] ?? '';
  assert.match(gunzipSync(Buffer.from(packed, 'base64')).toString(), /^#!\/bin\/sh\nSTATE=/);
});

test('without a rule that ends the machine its user data stays as it is', () => {
  assert.equal(hasGuard(none), false);
  assert.equal(hasGuard({ ...none, idleMinutes: 30 }), true);
  assert.equal(guardUserData({ guard: none, userData: '#!/bin/sh\necho hello\n' }), '#!/bin/sh\necho hello\n');
  assert.equal(guardUserData({ guard: none }), '');
  assert.equal(
    guardUserData({ guard: none, userData: '<powershell>\r\n</powershell>' }),
    '<powershell>\n</powershell>',
  );
});

const CASES = {
  'a script': ['#!/usr/bin/env python3\nprint("hi")\n', 'text/x-shellscript'],
  'cloud-config': ['#cloud-config\npackages: [git]\n', 'text/cloud-config'],
  'a script in other letters': ['#!/bin/bash\necho "Grüße, 世界, 🍳"\n', 'text/x-shellscript'],
  'a boothook': ['#cloud-boothook\necho 1\n', 'text/cloud-boothook'],
  'a list of addresses': ['#include\nhttps://example.com/script.sh\n', 'text/x-include-url'],
  'a script that speaks of the boundary': [
    '#!/bin/sh\necho\n--skillet-guard\n--skillet-guard-x--\n',
    'text/x-shellscript',
  ],
} as const;

for (const [what, [userData, type]] of Object.entries(CASES)) {
  test(`${what} of a person's own stands behind the guard, letter by letter`, { skip: noPython }, () => {
    const [guard, own, ...others] = partsOf(guardUserData({ guard: rule, userData }));
    assert.equal(guard?.text, `${guardUserData({ guard: rule })}`);
    assert.deepEqual([guard?.type, own, others], ['text/x-shellscript', { type, text: userData }, []]);
  });
}

test('several parts of a person’s own keep their order behind the guard', { skip: noPython }, () => {
  const userData =
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: text/cloud-config\n\n#cloud-config\na: 1\n--B\nContent-Type: text/x-shellscript\n\n#!/bin/sh\necho 2\n--B--\n';
  assert.deepEqual(
    partsOf(guardUserData({ guard: rule, userData })).map((part) => [part.type, part.text.split('\n')[0]]),
    [
      ['text/x-shellscript', '#!/bin/sh'],
      ['text/cloud-config', '#cloud-config'],
      ['text/x-shellscript', '#!/bin/sh'],
    ],
  );
});

test('lines without a first line that names a shell are run by bash, and lines from Windows lose their ends', () => {
  assert.equal(guardUserData({ guard: none, userData: '\uFEFF\r\necho 1\r\n' }), '#!/bin/bash\necho 1\n');
});

test('a script for Windows is refused, as there is no guard for it', () => {
  assert.throws(() => guardUserData({ guard: rule, userData: '<powershell>\n</powershell>' }), {
    code: 'cloud-profile',
    path: 'userData',
  });
});

test('a script of 8 KiB has room beside the guard, one of 16 KiB is refused with both lengths', () => {
  const script = (length: number) => `#!/bin/sh\n${'#'.repeat(length - 10)}`;
  assert.ok(guardUserData({ guard: rule, userData: script(8192) }).length <= 16384);
  assert.equal(guardUserData({ guard: none, userData: script(16384) }).length, 16384);
  assert.throws(
    () => guardUserData({ guard: rule, userData: script(16384) }),
    /2\d{4} bytes long, of which the guard takes about \d{4}; the provider takes 16384/,
  );
});

test('letters are told in bytes and base64 as Node tells them', () => {
  for (const text of ['', 'a', 'ab', 'abc', 'é', '🍳 and 世界', '100 % \n\0']) {
    assert.deepEqual(Buffer.from(utf8(text)), Buffer.from(text, 'utf8'));
    assert.equal(toBase64(utf8(text)), Buffer.from(text, 'utf8').toString('base64'));
  }
});
