/** Feeds one study into its page: the whole past first, whether its process lives, and how far its trials are. */
import path from 'node:path';
import type { ToStudyPage } from '../../common/studyMessages.ts';
import { summarizeRun } from '../../node/listRuns.ts';
import { followStudy, type LiveStudy } from './liveStudy.ts';

export interface StudyFeed {
  readonly study: LiveStudy['study'];
  look(): Promise<void>;
  dispose(): void;
}

export interface StudyFeedTarget {
  post(message: ToStudyPage): void;
  onError(error: unknown): void;
}

const EPOCHS_MS = 1000;

export function feedStudy(studyFolder: string, { post, onError }: StudyFeedTarget): StudyFeed {
  let told = '';
  const live = followStudy(studyFolder, {
    onEvents: (events) => {
      if (events.length > 0) {
        post({ type: 'events', events });
      }
    },
    onLook: ({ isPaused }) => post({ type: 'process', alive: true, paused: isPaused }),
    onEnd: () => {
      clearInterval(timer);
      post({ type: 'process', alive: false, paused: false });
    },
    onError,
  });
  const countEpochs = async () => {
    const running = live.study.trials.filter(({ status }) => status === 'running');
    const entries = await Promise.all(
      running.map(async ({ number, runFolder }) => {
        const run = await summarizeRun(path.join(studyFolder, runFolder));
        return [number, run?.epochsDone ?? 0] as const;
      }),
    );
    const epochs = Object.fromEntries(entries);
    const text = JSON.stringify(epochs);
    if (text !== told) {
      told = text;
      post({ type: 'epochs', epochs });
    }
  };
  const timer = setInterval(() => countEpochs().catch(onError), EPOCHS_MS);
  return {
    study: live.study,
    look: live.look,
    dispose() {
      clearInterval(timer);
      live.dispose();
    },
  };
}
