/** What a run is given from outside, and what its parts share. */
import type { Launch } from '../common/run/events.ts';
import type { Backend } from './backends/backend.ts';
import type { Verdicts } from './backends/verdicts.ts';
import type { ForkSource } from './fork/readFork.ts';
import type { ModuleWatch } from './module/moduleWatch.ts';
import type { Clock } from './run/clock.ts';
import type { Inbox } from './run/controlReader.ts';
import type { Disk } from './run/disk.ts';
import type { EventLog } from './run/eventLog.ts';
import type { Outbox } from './run/outbox.ts';
import type { PastRun } from './run/readPast.ts';
import type { Room } from './run/room.ts';

export interface TrainOptions {
  /** Holds `recipe.yaml` with its parameters filled in. */
  readonly runFolder: string;
  /** The recipe that was asked for; data paths are relative to its folder. */
  readonly recipeFile: string;
  /** What the run's events call the recipe, where that is not this file: of a run on a machine that the recipe was sent to. */
  readonly toldRecipeFile?: string;
  readonly resume: boolean;
  /** Stop, with a checkpoint, once so many epochs are done; what a study looks at before it lets a trial go on. */
  readonly untilEpoch?: number;
  /** Look at the layers after every epoch, from the first on. */
  readonly observe?: boolean;
  /** Where fetched data sets lie; absent or null where there are none. */
  readonly datasetsFolder?: string | null;
  readonly backends: readonly Backend[];
  /** What earlier races of the backends found. */
  readonly verdicts: Verdicts;
  readonly clock: Clock;
  /** Aborted to stop politely. */
  readonly signal: AbortSignal;
  /** Where the machine is told that it will be taken away; absent or null where nothing tells it. */
  readonly noticeFile?: string | null;
  /** How long a module may take to give a model. */
  readonly moduleLimitMs: number;
  /** How the run's files are written; the system's own way when absent. */
  readonly disk?: Disk;
  /** Who writes this run. */
  readonly writer: Pick<Launch, 'skillet' | 'pid' | 'host' | 'versions'>;
}

export interface RunContext {
  readonly options: TrainOptions;
  /** What an earlier trainer of this run has done. */
  readonly past: PastRun;
  /** What the run was forked with; null for one that began by itself. */
  readonly fork: ForkSource | null;
  readonly log: EventLog;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly room: Room;
  readonly watch: ModuleWatch;
}
