/** One study that is at work now, folded from its folder as it grows. */
import { hostname } from 'node:os';
import { emptyStudy, reduceStudy, type StudyState } from '../../common/study/reduceStudy.ts';
import type { StudyEvent } from '../../common/study/studyEvents.ts';
import { isToldToPause } from '../../node/study/isToldToPause.ts';
import { isStudyAlive } from '../../node/study/readStudy.ts';
import { tailStudy } from '../../node/study/tailStudy.ts';

export interface LiveStudy {
  readonly studyFolder: string;
  readonly study: StudyState;
  isPaused(): boolean;
  /** Looks at once whether it was told to pause, and whether it still lives. */
  look(): Promise<void>;
  dispose(): void;
}

export interface LiveStudyListener {
  onEvents(events: readonly StudyEvent[]): void;
  /** Its process lives; called when it is known first, and when it was told to pause or to go on. */
  onLook(state: { readonly isPaused: boolean }): void;
  /** The study has ended, or its process is gone. */
  onEnd(): void;
  onError(error: unknown): void;
}

const ALIVE_MS = 2000;

/** @param pid The study's process, where it was started here: it may die before it has said who it is. */
export function followStudy(studyFolder: string, listener: LiveStudyListener, pid?: number): LiveStudy {
  const study = emptyStudy();
  const ended = new AbortController();
  let launchedAt = '';
  let isPaused: boolean | null = null;
  const end = () => {
    if (!ended.signal.aborted) {
      ended.abort();
      listener.onEnd();
    }
  };
  const look = async () => {
    const process = study.process ?? (pid === undefined ? null : { pid, host: hostname() });
    if (process === null || ended.signal.aborted) {
      return;
    }
    if ((await isStudyAlive(process, studyFolder)) === false) {
      end();
      return;
    }
    const wasPaused = isPaused;
    isPaused = await isToldToPause(studyFolder, launchedAt);
    if (wasPaused !== isPaused && !ended.signal.aborted) {
      listener.onLook({ isPaused });
    }
  };
  const timer = setInterval(() => look().catch(listener.onError), ALIVE_MS);
  ended.signal.addEventListener('abort', () => clearInterval(timer));
  const onEvents = (events: readonly StudyEvent[], { caughtUp }: { caughtUp: boolean }) => {
    for (const event of events) {
      reduceStudy(study, event);
      launchedAt = event.type === 'studyLaunch' ? event.at : launchedAt;
    }
    listener.onEvents(events);
    // A resumed study's file begins with the end of the process before.
    const isEnd = study.end !== null && (pid === undefined || study.process?.pid === pid);
    if (caughtUp && isEnd) {
      end();
      return undefined;
    }
    return caughtUp ? look() : undefined;
  };
  tailStudy(studyFolder, { signal: ended.signal, onEvents, intervalMs: 50 }).catch((error: unknown) => {
    listener.onError(error);
    end();
  });
  return { studyFolder, study, isPaused: () => isPaused === true, look, dispose: () => ended.abort() };
}
