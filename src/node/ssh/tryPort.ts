/** Whether anything takes a connection at an address. */
import { connect } from 'node:net';

const LIMIT_MS = 5000;

/** @returns Why not, as the system says it; null where it does. */
export function tryPort(host: string, port: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LIMIT_MS });
    const end = (answer: string | null) => {
      socket.destroy();
      signal.removeEventListener('abort', cancel);
      resolve(answer);
    };
    const cancel = () => end('cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? 'refused' : (error.code ?? error.message)),
    );
  });
}
