/** What the system's own ssh program is called with. */
import type { SshHost } from './sshConfig.ts';

export function sshArguments({ host, port, user, keyFile, alias }: SshHost, knownHosts: string): readonly string[] {
  return [
    ...(keyFile === null ? [] : ['-i', keyFile]),
    ...(port === 22 ? [] : ['-p', String(port)]),
    ...['-o', `HostKeyAlias=${alias}`],
    ...['-o', `UserKnownHostsFile="${knownHosts.replaceAll('\\', '/').replaceAll('%', '%%')}"`],
    ...['-o', 'ServerAliveInterval=30'],
    `${user}@${host}`,
  ];
}

/** The same as a line for a shell. */
export function sshCommandLine(host: SshHost, knownHosts: string): string {
  return ['ssh', ...sshArguments(host, knownHosts).map(shellWord)].join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
