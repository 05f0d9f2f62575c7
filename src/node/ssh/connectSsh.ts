/** A connection over SSH: the host is held to its key, and keys of the agent and of files are tried in turn. */
import ssh2 from 'ssh2';
import { SkilletError } from '../../common/errors.ts';
import { createAuthentication } from './authenticate.ts';
import { fingerprintOf, type HostKeysKnown, judgeHostKey, toPublicKey } from './hostKey.ts';
import { readHostKeys, writeHostKeys } from './knownHosts.ts';
import { toConnection } from './sshConnection.ts';
import { refused, toSshFault } from './sshFaults.ts';
import type { SshConnection, SshOptions } from './sshTypes.ts';

const KEEPALIVE_MS = 15_000;
const LIMIT_MS = 30_000;
const MISSED = 3;

/** In the order in which they are asked for, but for kinds of which a key is known. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/**
 * @throws {SkilletError} `cloud-network`: it cannot be reached, which may pass; `cloud-connect`: it does not let one in, or
 * is not the host that it was.
 */
export async function connectSsh(options: SshOptions): Promise<SshConnection> {
  const { target, signal } = options;
  signal.throwIfAborted();
  const known = { told: target.hostKeys, kept: await readHostKeys(options.knownHostsFile, target.alias) };
  const client = new ssh2.Client();
  const limit = createLimit(options.limitMs ?? LIMIT_MS);
  const asking: SshOptions = {
    ...options,
    askHostKey: (question) => limit.pauseFor(options.askHostKey(question)),
    askPassphrase: (file) => limit.pauseFor(options.askPassphrase(file)),
  };
  const verifier = createVerifier(asking, known);
  const authentication = createAuthentication(asking);
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown) => reject(toSshFault(error, target));
      const cancel = () => reject(signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
      limit.onEnd(() => fail(new Error(`no answer within ${(options.limitMs ?? LIMIT_MS) / 1000} s`)));
      client
        .once('ready', () => resolve())
        .once('close', () => fail(new Error('the connection was closed')))
        .on('error', (error) => {
          const isAuthentication = (error as { level?: string }).level === 'client-authentication';
          reject(verifier.fault() ?? (isAuthentication ? authentication.fault() : toSshFault(error, target)));
        });
      client.connect({
        host: target.host,
        port: target.port,
        username: target.user,
        readyTimeout: 0, // Ours does not count while somebody is asked.
        keepaliveInterval: options.keepaliveMs ?? KEEPALIVE_MS,
        keepaliveCountMax: MISSED,
        algorithms: { serverHostKey: kindsWanted(known) as never },
        hostVerifier: verifier.verify,
        authHandler: authentication.next as never,
      });
    });
    return toConnection(client, target);
  } catch (error) {
    client.on('error', () => undefined); // What still comes of it was told.
    client.destroy();
    throw error;
  } finally {
    limit.clear();
  }
}

/** A host has keys of several kinds and shows one: that of which a key is known comes first. */
function kindsWanted({ told, kept }: HostKeysKnown): readonly string[] {
  const types = (told.length > 0 ? told : kept).map((key) => key.split(' ')[0] ?? '');
  return [...new Set([...types, ...Object.keys(KINDS)])].flatMap((type) => KINDS[type] ?? []);
}

function createVerifier(options: SshOptions, known: HostKeysKnown) {
  let fault: Error | undefined;
  let accepted: string | undefined; // It is shown anew whenever the session's keys are exchanged.
  const accept = async (shown: string): Promise<boolean> => {
    if (shown === accepted) {
      return true;
    }
    await judge(shown, options, known);
    accepted = shown;
    return true;
  };
  return {
    fault: () => fault,
    verify: (wire: Buffer, verified: (isRight: boolean) => void) => {
      accept(toPublicKey(wire)).then(verified, (error: Error) => {
        fault = error;
        verified(false);
      });
    },
  };
}

/** @throws {SkilletError} The host is not the right one. */
async function judge(shown: string, options: SshOptions, known: HostKeysKnown): Promise<void> {
  const { target, knownHostsFile } = options;
  const [type = ''] = shown.split(' ');
  const fingerprint = fingerprintOf(shown);
  const verdict = judgeHostKey(shown, known);
  if (verdict === 'changed') {
    throw changed(fingerprint, options, known);
  }
  if (verdict === 'unknown' && !(await options.askHostKey({ host: target.host, type, fingerprint }))) {
    throw refused(target, 'Its host key was not accepted.', 'Compare the fingerprint with the one in the system log.');
  }
  const { told, kept } = known;
  await writeHostKeys(knownHostsFile, target.alias, told.length > 0 ? told : kept.length > 0 ? kept : [shown]);
}

function changed(fingerprint: string, { target, knownHostsFile }: SshOptions, { told, kept }: HostKeysKnown): Error {
  const isTold = told.length > 0;
  const before = (isTold ? told : kept).map(fingerprintOf).join(', ');
  return new SkilletError('cloud-connect', target.host, {
    message: `This is not the machine that it should be: its host key is ${fingerprint}, and ${
      isTold ? 'it told its provider' : 'it was'
    } ${before}.`,
    remedy: isTold
      ? 'Somebody may stand in between, or another machine has the address now: refresh the list, and do not sign in.'
      : `Somebody may stand in between: do not sign in. If you set the machine up anew, remove the lines of ${target.alias} from ${knownHostsFile}.`,
  });
}

/** An end that does not come while somebody is asked. */
function createLimit(limitMs: number) {
  let leftMs = limitMs;
  let startedMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let end: () => void = () => undefined;
  let isOver = false;
  const start = () => {
    if (isOver) {
      return; // Somebody has answered after all: a timer would keep the program alive.
    }
    startedMs = performance.now();
    timer = setTimeout(() => end(), Math.max(0, leftMs));
  };
  const clear = () => {
    isOver = true;
    clearTimeout(timer);
    end = () => undefined;
  };
  return {
    clear,
    onEnd(listener: () => void) {
      end = listener;
      start();
    },
    async pauseFor<T>(answer: Promise<T>): Promise<T> {
      clearTimeout(timer);
      leftMs -= performance.now() - startedMs;
      try {
        return await answer;
      } finally {
        start();
      }
    },
  };
}
