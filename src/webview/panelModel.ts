/** All that the panel knows: the recipe, the run it shows, and what a person has chosen to see of it. */
import type { Problem } from '../common/errors.ts';
import type { NetworkGraph } from '../common/graph.ts';
import {
  PAST_RUNS_SHOWN,
  type PanelParam,
  type PanelRecipe,
  type PastRun,
  type ToPanel,
} from '../common/panelMessages.ts';
import { countSteps } from '../common/run/countSteps.ts';
import type { Diagnosis } from '../common/run/diagnosis/diagnosis.ts';
import { emptyRun, type RunState, type RunStatus, reduceRun } from '../common/run/reduceRun.ts';
import { closedPredict, type PredictState, receivePrediction } from './predict/predictState.ts';

export interface PanelModel {
  recipe: PanelRecipe | null;
  pastRuns: readonly PastRun[];
  /** How many of them were asked for. */
  pastCount: number;
  /** Null: no run of this recipe is shown yet. */
  runFolder: string | null;
  /** The parameters that the shown run was started with. */
  runParams: readonly PanelParam[];
  run: RunState;
  /** Whether the trainer lives; null until the extension has said. */
  isAlive: boolean | null;
  /** Why the last attempt to train was turned away. */
  refused: readonly Problem[];
  /** What is said of how the shown run goes. */
  diagnoses: readonly Diagnosis[];
  selectedLayer: string | null;
  /** How often a command has turned watching the layers on or off. */
  watchToggles: number;
  predict: PredictState;
}

export function emptyModel(): PanelModel {
  return {
    recipe: null,
    pastRuns: [],
    pastCount: PAST_RUNS_SHOWN,
    runFolder: null,
    runParams: [],
    run: emptyRun(),
    isAlive: null,
    refused: [],
    diagnoses: [],
    selectedLayer: null,
    watchToggles: 0,
    predict: closedPredict(),
  };
}

/** Takes up a message in place: a run may have a million steps, which must not be copied for each one. */
export function receive(model: PanelModel, message: ToPanel): void {
  switch (message.type) {
    case 'recipe':
      model.recipe = message.recipe;
      model.pastRuns = message.pastRuns;
      break;
    case 'run':
      model.runFolder = message.runFolder;
      model.runParams = message.params;
      model.run = emptyRun();
      model.isAlive = null;
      model.refused = [];
      model.diagnoses = [];
      model.predict = closedPredict();
      break;
    case 'events':
      for (const event of message.events) {
        reduceRun(model.run, event);
      }
      break;
    case 'diagnoses':
      model.diagnoses = message.diagnoses;
      break;
    case 'alive':
      model.isAlive = message.alive;
      break;
    case 'refused':
      model.refused = message.problems;
      break;
    case 'toggleWatch':
      model.watchToggles += 1;
      break;
    case 'selectLayer':
      model.selectedLayer = message.layer;
      break;
    default:
      model.predict = receivePrediction(model.predict, message);
  }
}

export type ShownStatus = RunStatus | 'interrupted' | 'none';

/** A run without an end whose trainer is gone was interrupted; nobody had to write that down. */
export function statusOf(model: PanelModel): ShownStatus {
  if (model.runFolder === null) {
    return 'none';
  }
  const isOpen = model.run.end === null;
  return isOpen && model.isAlive === false ? 'interrupted' : model.run.status;
}

/** The run's graph knows the data's width; before a run the recipe's own must do. */
export function graphOf(model: PanelModel): NetworkGraph | null {
  return model.run.start?.graph ?? model.recipe?.graph ?? null;
}

export interface RunProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** 0 to 1, by steps. */
  readonly share: number;
  /** Null while nothing can be said. */
  readonly leftMs: number | null;
  readonly samplesPerSecond: number;
}

export function progressOf(run: RunState): RunProgress | null {
  const { start } = run;
  if (start === null) {
    return null;
  }
  const steps = countSteps(start, run.stepLoss.length);
  const isOver = run.end?.status === 'completed';
  return {
    epoch: run.epochs.at(-1)?.epoch ?? start.fork?.epoch ?? 0,
    epochs: start.epochs,
    share: isOver ? 1 : Math.min(1, steps.done / steps.planned),
    leftMs: run.stepsPerSecond > 0 ? ((steps.planned - steps.done) / run.stepsPerSecond) * 1000 : null,
    samplesPerSecond: run.stepsPerSecond * start.batchSize,
  };
}
