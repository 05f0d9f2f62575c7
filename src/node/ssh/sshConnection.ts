/** A signed-in client of ssh2, in the words of Skillet. */
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { SkilletError } from '../../common/errors.ts';
import { toSshFault } from './sshFaults.ts';
import type { ExecOptions, ExecResult, ShellSize, SshConnection, SshShell, SshTarget } from './sshTypes.ts';

export function toConnection(client: Client, target: SshTarget): SshConnection {
  let isEnded = false;
  let fault: unknown;
  const closed = new Promise<Error | null>((resolve) => {
    client.on('error', (error) => {
      fault ??= error;
    });
    client.once('close', () =>
      resolve(isEnded ? null : (toSshFault(fault ?? new Error('the connection broke'), target) as Error)),
    );
  });
  return {
    closed,
    exec: (command, options) => exec(client, command, { ...options, target }),
    forward: (port) =>
      new Promise<Duplex>((resolve, reject) => {
        ask(reject, target, () =>
          client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, (error, channel) => {
            if (error === undefined) {
              resolve(channel);
            } else {
              reject(nothingThere(port, error, target));
            }
          }),
        );
      }),
    shell: ({ columns, rows }) =>
      new Promise<SshShell>((resolve, reject) => {
        ask(reject, target, () =>
          client.shell({ cols: columns, rows, term: 'xterm-256color' }, (error, channel) => {
            if (error === undefined) {
              resolve(toShell(channel));
            } else {
              reject(toSshFault(error, target));
            }
          }),
        );
      }),
    end() {
      isEnded = true;
      client.end();
    },
  };
}

/** ssh2 throws where the connection is gone already. */
function ask(reject: (error: unknown) => void, target: SshTarget, request: () => void): void {
  try {
    request();
  } catch (error) {
    reject(toSshFault(error, target));
  }
}

/** The connection stands, but the machine refuses the port. */
function nothingThere(port: number, error: Error, target: SshTarget): SkilletError {
  return new SkilletError('cloud-connect', `${target.host}:${port}`, {
    message: `Nothing answers at port ${port} of the machine (${error.message.replace(/^\(SSH\) /, '')}).`,
    remedy: 'See whether the program there is installed and runs; right after a start it may need a minute.',
  });
}

function exec(
  client: Client,
  command: string,
  { signal, onOutput, input, target }: ExecOptions & { readonly target: SshTarget },
): Promise<ExecResult> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const said = { stdout: '', stderr: '' };
    const take = (stream: NodeJS.ReadableStream, name: 'stdout' | 'stderr') => {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        said[name] += text;
        onOutput?.(text, name);
      });
    };
    ask(reject, target, () =>
      client.exec(command, (error, channel) => {
        if (error !== undefined) {
          reject(toSshFault(error, target));
          return;
        }
        let code: number | null | undefined;
        const cancel = () => {
          channel.close();
          reject(signal.reason);
        };
        signal.addEventListener('abort', cancel, { once: true });
        take(channel, 'stdout');
        take(channel.stderr, 'stderr');
        channel.once('exit', (status: number | null) => {
          code = status;
        });
        channel.once('close', () => {
          signal.removeEventListener('abort', cancel);
          if (code === undefined) {
            reject(toSshFault(new Error('the connection broke before the command had ended'), target));
          } else {
            resolve({ code, ...said });
          }
        });
        channel.end(input ?? '');
      }),
    );
  });
}

function toShell(channel: ClientChannel): SshShell {
  channel.setEncoding('utf8');
  return {
    write: (text) => void channel.write(text),
    resize: ({ columns, rows }: ShellSize) => channel.setWindow(rows, columns, 0, 0),
    onOutput(listener) {
      channel.on('data', listener);
      channel.stderr.setEncoding('utf8').on('data', listener);
    },
    closed: new Promise((resolve) => channel.once('close', () => resolve())),
    end: () => channel.close(),
  };
}
