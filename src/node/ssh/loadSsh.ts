/** Loads the bundle that speaks SSH, when the first connection is made. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { SshModule } from './sshTypes.ts';

/** @param folder Where the bundle is: `ssh.cjs`. Node keeps what it has loaded. */
export function loadSsh(folder: string): SshModule {
  const file = path.join(folder, 'ssh.cjs');
  return (createRequire(file)(file) as { sshModule: SshModule }).sshModule;
}
