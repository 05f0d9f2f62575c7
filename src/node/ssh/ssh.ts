/** SSH: the entry of its bundle, which is loaded when the first connection is made. */
import { connectSsh } from './connectSsh.ts';
import { openTunnel } from './openTunnel.ts';
import type { SshModule } from './sshTypes.ts';

export const sshModule: SshModule = { connectSsh, openTunnel };
