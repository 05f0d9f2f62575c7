/** Connections over SSH from the command line: which keys, which files, and how somebody is asked. */
import type { ConnectInfo } from '../../common/cloud/connection.ts';
import { agentHere } from '../../node/ssh/agentHere.ts';
import { loadSsh } from '../../node/ssh/loadSsh.ts';
import type { SshHost } from '../../node/ssh/sshConfig.ts';
import { findKeyFile, hostAlias, sshFiles } from '../../node/ssh/sshFiles.ts';
import type { SshConnection, SshModule } from '../../node/ssh/sshTypes.ts';
import { askHidden, askYes } from './askPerson.ts';

const here = import.meta.dirname ?? __dirname;

export const sshHere = (): SshModule => loadSsh(here);

/** @param keyFile The one that was named; else that of the machine's key pair, where it is found. */
export function toSshHost(id: string, info: ConnectInfo, keyFile: string | undefined): SshHost {
  return {
    name: info.name,
    alias: hostAlias(id),
    host: info.host,
    port: info.port,
    user: info.user,
    keyFile: keyFile ?? info.keyFile ?? findKeyFile(info.keyPair, sshFiles().folder),
  };
}

export function openSsh(host: SshHost, info: ConnectInfo, signal: AbortSignal): Promise<SshConnection> {
  return sshHere().connectSsh({
    target: { host: host.host, port: host.port, user: host.user, alias: host.alias, hostKeys: info.hostKeys },
    keyFiles: host.keyFile === null ? [] : [host.keyFile],
    agent: agentHere(),
    knownHostsFile: sshFiles().knownHosts,
    askPassphrase: (file) => askHidden(`Passphrase of ${file}: `, signal),
    askHostKey: ({ host: name, type, fingerprint }) =>
      askYes(
        `Nothing is known of the host key of ${name} yet (the machine has not told its provider).\n${type} ${fingerprint}\nGo on?`,
        signal,
      ),
    signal,
  });
}
