/** Where the files of SSH are in a person's own folder, and which private key belongs to a key pair. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export interface SshFiles {
  readonly folder: string;
  readonly config: string;
  /** Skillet's hosts; the one above includes it. */
  readonly skilletConfig: string;
  readonly knownHosts: string;
}

export function sshFiles(home: string = homedir()): SshFiles {
  const folder = path.join(home, '.ssh');
  return {
    folder,
    config: path.join(folder, 'config'),
    skilletConfig: path.join(folder, 'skillet_config'),
    knownHosts: path.join(folder, 'skillet_known_hosts'),
  };
}

/** The private key of a key pair where people keep it: `~/.ssh/<name>.pem` or `~/.ssh/<name>`; null where it is not. */
export function findKeyFile(keyPair: string | null, folder: string): string | null {
  if (keyPair === null || keyPair === '' || keyPair !== path.basename(keyPair)) {
    return null;
  }
  return [`${keyPair}.pem`, keyPair].map((name) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
}

/** What host keys of a machine are kept under. */
export function hostAlias(instanceId: string): string {
  return `skillet-${instanceId}`;
}
