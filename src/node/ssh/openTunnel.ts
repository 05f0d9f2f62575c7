/** A tunnel: connections to a port of this computer go to a port of a machine, over one connection that is made anew. */
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SkilletError } from '../../common/errors.ts';
import type { SshConnection, Tunnel, TunnelOptions } from './sshTypes.ts';

/** Some five minutes in all. */
const RETRY_MS = [500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 30_000, 60_000, 60_000, 60_000];
const LOOPBACK = '127.0.0.1';

/** @throws {SkilletError} What `connect` throws at the first time. */
export async function openTunnel(options: TunnelOptions): Promise<Tunnel> {
  const { signal, remotePort, onState = () => undefined } = options;
  const stop = new AbortController();
  const first = await options.connect(AbortSignal.any([signal, stop.signal]));
  const sockets = new Set<Socket>();
  /** The connection there is now, or the one that is being made. */
  let current: Promise<SshConnection> = Promise.resolve(first);
  const take = (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    socket.on('error', () => socket.destroy());
    current
      .then((connection) => connection.forward(remotePort))
      .then(
        (channel) => join(socket, channel),
        (error: Error) => {
          onState({ state: 'refused', fault: error.message });
          socket.destroy();
        },
      );
  };
  let server: Server;
  try {
    server = await listen(options.preferredPort, take);
  } catch (error) {
    first.end();
    throw error;
  }
  const shut = async () => {
    stop.abort();
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise<void>((resolve) => server.close(() => resolve()));
    current.then(
      (connection) => connection.end(),
      () => undefined,
    );
  };
  const keep = async (): Promise<Error | null> => {
    for (;;) {
      const fault = await (await current).closed;
      if (fault === null || stop.signal.aborted) {
        return null;
      }
      onState({ state: 'reconnecting', fault: fault.message });
      current = reconnect(options, stop.signal, fault);
      current.catch(() => undefined); // Told below.
      await current;
      onState({ state: 'open' });
    }
  };
  const closed = keep()
    .catch((error: Error) => (stop.signal.aborted ? null : error))
    .finally(shut);
  signal.addEventListener('abort', () => void shut(), { once: true });
  return { localPort: portOf(server), remotePort, closed, close: () => shut().then(() => void closed) };
}

/** @throws The last fault, or the first that no further try can change. */
async function reconnect(
  { connect, retryMs = RETRY_MS }: TunnelOptions,
  signal: AbortSignal,
  before: Error,
): Promise<SshConnection> {
  let fault: unknown = before;
  for (const waitMs of retryMs) {
    await delay(waitMs, undefined, { signal });
    try {
      return await connect(signal);
    } catch (error) {
      signal.throwIfAborted();
      fault = error;
      if (error instanceof SkilletError && error.code !== 'cloud-network') {
        break;
      }
    }
  }
  throw fault;
}

function join(socket: Socket, channel: NodeJS.ReadWriteStream & { destroy(): unknown }): void {
  if (socket.destroyed) {
    channel.destroy();
    return;
  }
  socket.pipe(channel).pipe(socket);
  socket.once('close', () => channel.destroy());
  channel.once('close', () => socket.destroySoon());
  channel.once('error', () => socket.destroy());
}

/** The wished port of the loopback address, or any that is free. */
async function listen(preferred: number, take: (socket: Socket) => void): Promise<Server> {
  try {
    return await listenAt(preferred, take);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') {
      throw error;
    }
    return listenAt(0, take);
  }
}

function listenAt(port: number, take: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(take).once('error', reject);
    server.listen(port, LOOPBACK, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
