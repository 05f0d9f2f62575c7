/** Whether a host is the one that it should be, by its key. */
import { createHash } from 'node:crypto';

export type HostKeyVerdict = 'trusted' | 'unknown' | 'changed';

/** What is known of a host before it shows its key; keys are `ssh-ed25519 AAAA…`. */
export interface HostKeysKnown {
  /** From a trusted third: they alone decide where there are any. */
  readonly told: readonly string[];
  /** Trusted before. */
  readonly kept: readonly string[];
}

export function judgeHostKey(shown: string, { told, kept }: HostKeysKnown): HostKeyVerdict {
  const deciding = told.length > 0 ? told : kept;
  if (deciding.length === 0) {
    return 'unknown';
  }
  return deciding.some((key) => bare(key) === bare(shown)) ? 'trusted' : 'changed';
}

/** The public key that a server shows, in the form of OpenSSH's files. */
export function toPublicKey(wire: Buffer): string {
  return `${typeOf(wire)} ${wire.toString('base64')}`;
}

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(publicKey: string): string {
  const [, data = ''] = publicKey.split(' ');
  const hash = createHash('sha256').update(Buffer.from(data, 'base64')).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}

/** RFC 4253, 6.6: a key begins with the name of its kind, as a string with its length before it. */
function typeOf(wire: Buffer): string {
  const length = wire.length < 4 ? 0 : wire.readUInt32BE(0);
  return wire.toString('latin1', 4, 4 + length);
}

/** Without the comment. */
function bare(key: string): string {
  return key.trim().split(/\s+/).slice(0, 2).join(' ');
}
