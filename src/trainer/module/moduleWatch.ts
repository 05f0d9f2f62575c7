/** Ends a trainer whose module never returns or ends the process itself, with its reason written into the run. */
import { Worker } from 'node:worker_threads';

export interface ModuleWatch {
  /** While `run` works, it has the time limit; a module that holds the thread beyond it takes the process with it. */
  limit<T>(run: () => T): T;
  /** From here on, an exit of the process that nobody else announced is the module's. */
  guardExit(): void;
  /** The run is over: what the module does from now on is of no account. */
  dispose(): void;
}

export interface ModuleWatchOptions {
  readonly limitMs: number;
  readonly eventsFile: string;
  /** The last event of the run, without its time, where the limit has passed. */
  onLimit(): object;
  /** Writes the last event, where the module ended the process. */
  onExit(): void;
}

/** A busy thread hears no timer, so that another thread must have it. It appends one whole line, while the busy one writes none. */
const TIMER = `
const { workerData } = require('node:worker_threads');
const { appendFileSync } = require('node:fs');
setTimeout(() => {
  try {
    appendFileSync(workerData.file, JSON.stringify({ ...workerData.event, at: new Date().toISOString() }) + '\\n');
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}, workerData.limitMs);
`;

export function createModuleWatch({ limitMs, eventsFile, onLimit, onExit }: ModuleWatchOptions): ModuleWatch {
  const tellExit = () => {
    process.exitCode = 1;
    onExit();
  };
  return {
    limit(run) {
      const timer = new Worker(TIMER, { eval: true, workerData: { file: eventsFile, event: onLimit(), limitMs } });
      const end = () => void timer.terminate();
      try {
        const result = run();
        if (!(result instanceof Promise)) {
          end();
          return result;
        }
        return result.finally(end) as typeof result;
      } catch (error) {
        end();
        throw error;
      }
    },
    guardExit() {
      process.once('exit', tellExit);
    },
    dispose() {
      process.off('exit', tellExit);
    },
  };
}
