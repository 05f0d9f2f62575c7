/** The agent that keeps keys on this computer. */
import { existsSync } from 'node:fs';

/** The pipe of Windows' own OpenSSH. */
const WINDOWS_PIPE = '\\\\.\\pipe\\openssh-ssh-agent';

/** @returns Its socket; null where there is none. */
export function agentHere(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const named = env.SSH_AUTH_SOCK;
  if (named !== undefined && named !== '' && existsSync(named)) {
    return named;
  }
  return platform === 'win32' && existsSync(WINDOWS_PIPE) ? WINDOWS_PIPE : null;
}
