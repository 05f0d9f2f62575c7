/** The user data that puts the money guard on a machine, before whatever a person's own script does. */
import { SkilletError } from '../errors.ts';
import { GUARD_SCRIPT } from './guardScript.ts';
import type { GuardRule } from './launchProfile.ts';
import { toBase64, utf8 } from './utf8.ts';

/** What the provider takes, before it is encoded for the wire. */
const MAXIMUM_BYTES = 16384;

/** Whether a rule ends a machine at all; else no guard is installed, and user data stays as it is. */
export function hasGuard({ deadlineHours, idleMinutes }: GuardRule): boolean {
  return deadlineHours !== null || idleMinutes !== null;
}

export interface GuardUserDataOptions {
  readonly guard: GuardRule;
  /** A person's own: a script (bash where no first line names another), cloud-config, or several in one as MIME. */
  readonly userData?: string | undefined;
}

/**
 * The text of a machine's user data; empty where there is nothing to say. A person's own script stays a part of its own,
 * which cloud-init runs after the guard's and apart from it.
 *
 * @throws {SkilletError} `cloud-profile`: it is too long, or it is for Windows, which has no guard.
 */
export function guardUserData({ guard, userData = '' }: GuardUserDataOptions): string {
  const own = tidy(userData);
  if (!hasGuard(guard)) {
    return checked(own, 0);
  }
  if (/^<(powershell|script|persist)>/i.test(own)) {
    throw new SkilletError('cloud-profile', 'userData', {
      message: 'This is a script for Windows, and the guard that ends a machine by itself runs on Linux alone.',
      remedy: 'Set guard.deadlineHours and guard.idleMinutes to null, and mind yourself when the machine stops.',
    });
  }
  const installer = installScript(guard);
  return own === '' ? installer : checked(multipart(installer, own), installer.length);
}

/** Without what an editor may leave at the top, or in the lines of a file from Windows: the kernel would not run it. */
function tidy(text: string): string {
  const clean = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n/g, '\n')
    .trimStart();
  const isPlain = clean !== '' && typeOf(clean) === null && !clean.startsWith('<');
  return isPlain ? `#!/bin/bash\n${clean}` : clean;
}

function checked(text: string, guardLength: number): string {
  const { length } = utf8(text);
  if (length > MAXIMUM_BYTES) {
    const taken = guardLength === 0 ? '' : `, of which the guard takes about ${guardLength}`;
    throw new SkilletError('cloud-profile', 'userData', {
      message: `The user data is ${length} bytes long${taken}; the provider takes ${MAXIMUM_BYTES}.`,
      remedy: 'Let it fetch the greater part of what it does, or put that into an image of your own.',
    });
  }
  return text;
}

function installScript({ deadlineHours, idleMinutes, action }: GuardRule): string {
  const minutes = deadlineHours === null ? 'never' : Math.max(1, Math.round(deadlineHours * 60));
  return `#!/bin/sh
# Skillet's money guard: it ends this machine. See: skillet-guard help
base64 -d <<'END' | gzip -dc >/usr/bin/skillet-guard
${GUARD_SCRIPT}
END
chmod 755 /usr/bin/skillet-guard
/usr/bin/skillet-guard install ${minutes} ${idleMinutes ?? 'never'} ${action}
`;
}

/** As cloud-init tells what is what, by the first words. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^#!/, 'text/x-shellscript'],
  [/^#cloud-config-archive/i, 'text/cloud-config-archive'],
  [/^#cloud-config/i, 'text/cloud-config'],
  [/^#cloud-boothook/i, 'text/cloud-boothook'],
  [/^#include-once/i, 'text/x-include-once-url'],
  [/^#include/i, 'text/x-include-url'],
  [/^#part-handler/i, 'text/part-handler'],
  [/^## template: *jinja/i, 'text/jinja2'],
  [/^(From |MIME-Version:|Content-Type:)/i, 'multipart'],
];

function typeOf(text: string): string | null {
  return TYPES.find(([start]) => start.test(text))?.[1] ?? null;
}

function multipart(installer: string, own: string): string {
  // The guard's script is the first, so that nothing keeps it from being installed.
  const parts = [part('text/x-shellscript', 'skillet-guard.sh', installer), ownPart(own)];
  let boundary = 'skillet-guard';
  while (parts.some((one) => one.includes(`--${boundary}`))) {
    boundary += '-x';
  }
  const body = parts.map((one) => `--${boundary}\n${one}\n`).join('');
  return `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${boundary}"\n\n${body}--${boundary}--\n`;
}

function ownPart(own: string): string {
  const type = typeOf(own) ?? 'text/x-shellscript';
  // A message with parts is a part as it stands: headers, an empty line, and its own parts.
  return type === 'multipart' ? own.replace(/^From .*\n/, '') : part(type, 'user-data', own);
}

function part(type: string, name: string, text: string): string {
  // cloud-init would read other letters wrong where they stand as they are.
  const isAscii = utf8(text).length === text.length;
  const encoding = isAscii ? '7bit' : 'base64';
  const content = isAscii ? text : (toBase64(utf8(text)).match(/.{1,76}/g) ?? []).join('\n');
  return `Content-Type: ${type}; charset="utf-8"\nContent-Transfer-Encoding: ${encoding}\nContent-Disposition: attachment; filename="${name}"\n\n${content}`;
}
