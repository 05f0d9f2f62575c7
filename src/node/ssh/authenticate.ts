/** Signing in: first with the agent, then with key files, each read (and its passphrase asked) when it is its turn. */
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
  const toTry: (() => Promise<Method>)[] = [
    ...(agent === null ? [] : [async () => ({ type: 'agent', username: target.user, agent })]),
    ...keyFiles.map((file) => async () => {
      const key = await readKey(file, options);
      if (typeof key === 'string') {
        faults.push(`${file} ${key}`);
        return false;
      }
      tried.push(file);
      return { type: 'publickey', username: target.user, key };
    }),
  ];
  if (agent !== null) {
    tried.push('the keys of the agent');
  }
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

/** @returns The key, or what is wrong with its file. */
async function readKey(file: string, { askPassphrase }: SshOptions): Promise<ParsedKey | string> {
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`;
  }
  const open = firstKey(ssh2.utils.parseKey(text));
  if (!(open instanceof Error)) {
    return open.isPrivateKey() ? open : 'is a public key; the private one is needed';
  }
  if (!/encrypted|passphrase/i.test(open.message)) {
    return 'is no private key';
  }
  const passphrase = await askPassphrase(file);
  if (passphrase === null) {
    return 'needs a passphrase';
  }
  const opened = firstKey(ssh2.utils.parseKey(text, passphrase));
  return opened instanceof Error ? 'has another passphrase' : opened;
}

function firstKey(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key')) : parsed;
}
