/** Signing in: with key files, then with the agent, then with encrypted keys, whose passphrases are asked only then. */
import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { refused } from './sshFaults.ts';
import type { SshOptions } from './sshTypes.ts';

type Method = Record<string, unknown> | false;

export interface Authentication {
  /** What is tried next; ssh2 calls it until it says false. */
  next(left: unknown, partial: unknown, tell: (method: Method) => void): void;
  /** Why nothing let one in. */
  fault(): Error;
}

export function createAuthentication(options: SshOptions): Authentication {
  const { target, agent, keyFiles } = options;
  const tried: string[] = [];
  const faults: string[] = [];
  const use = (file: string, key: ParsedKey): Method => {
    tried.push(file);
    return { type: 'publickey', username: target.user, key };
  };
  const blame = (file: string, fault: string): Method => {
    faults.push(`${file} ${fault}`);
    return false;
  };
  const withFile = (file: string) => async (): Promise<Method> => {
    const found = await readKey(file);
    if (found.kind === 'encrypted') {
      toTry.push(async () => {
        const opened = await unlock(found.text, await options.askPassphrase(file));
        return typeof opened === 'string' ? blame(file, opened) : use(file, opened);
      });
      return false;
    }
    return found.kind === 'key' ? use(file, found.key) : blame(file, found.fault);
  };
  const withAgent = async (): Promise<Method> => {
    tried.push('the keys of the agent');
    return { type: 'agent', username: target.user, agent };
  };
  const toTry: (() => Promise<Method>)[] = [...keyFiles.map(withFile), ...(agent === null ? [] : [withAgent])];
  const take = async (): Promise<Method> => {
    for (let one = toTry.shift(); one !== undefined; one = toTry.shift()) {
      const method = await one();
      if (method !== false) {
        return method;
      }
    }
    return false;
  };
  return {
    next(_left, _partial, tell) {
      take().then(tell, (error: Error) => {
        faults.push(error.message);
        tell(false);
      });
    },
    fault() {
      const with_ = tried.length === 0 ? 'There is no key to sign in with' : `It does not take ${tried.join(' or ')}`;
      return refused(
        target,
        `${with_}${faults.length === 0 ? '' : `; ${faults.join('; ')}`}.`,
        `Name the private key of the machine's key pair, and see whether ${target.user} is its user.`,
      );
    },
  };
}

type KeyFile =
  | { readonly kind: 'key'; readonly key: ParsedKey }
  | { readonly kind: 'encrypted'; readonly text: Buffer }
  | { readonly kind: 'fault'; readonly fault: string };

async function readKey(file: string): Promise<KeyFile> {
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    return { kind: 'fault', fault: `cannot be read (${why})` };
  }
  const key = firstKey(ssh2.utils.parseKey(text));
  if (key instanceof Error) {
    const isEncrypted = /encrypted|passphrase/i.test(key.message);
    return isEncrypted ? { kind: 'encrypted', text } : { kind: 'fault', fault: 'is no private key' };
  }
  return key.isPrivateKey()
    ? { kind: 'key', key }
    : { kind: 'fault', fault: 'is a public key; the private one is needed' };
}

/** @returns The key, or what is wrong. */
async function unlock(text: Buffer, passphrase: string | null): Promise<ParsedKey | string> {
  if (passphrase === null) {
    return 'needs a passphrase';
  }
  const key = firstKey(ssh2.utils.parseKey(text, passphrase));
  return key instanceof Error ? 'has another passphrase' : key;
}

function firstKey(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key')) : parsed;
}
