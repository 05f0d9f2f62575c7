/** What goes wrong with a connection, in words a person can act on. */
import { SkilletError } from '../../common/errors.ts';
import type { SshTarget } from './sshTypes.ts';

/** Not let in, or not wanted: trying again changes nothing. */
export function refused(target: SshTarget, message: string, remedy: string): SkilletError {
  return new SkilletError('cloud-connect', `${target.user}@${target.host}`, { message, remedy });
}

/** Of the network, which may pass. */
export function toSshFault(error: unknown, target: SshTarget): unknown {
  if (error instanceof SkilletError || (error instanceof Error && error.name === 'AbortError')) {
    return error;
  }
  const { message, code } = error as NodeJS.ErrnoException;
  const why = REASONS[code ?? ''] ?? message.replace(/\.$/, '');
  return new SkilletError('cloud-network', `${target.host}:${target.port}`, {
    message: `The machine cannot be reached over SSH: ${why}.`,
    remedy: `See whether it runs and whether its security group lets port ${target.port} in from your address.`,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers at that port',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'there is no way to that address',
  ENETUNREACH: 'there is no way to that network',
  ENOTFOUND: 'there is no address of that name',
  ECONNRESET: 'the connection broke',
};
