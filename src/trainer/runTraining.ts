/** Trains a recipe: data, checks, backend, network, loop, evaluation, saved model. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { type Problem, SkilletError } from '../common/errors.ts';
import type { NetworkGraph } from '../common/graph.ts';
import { inferGraph } from '../common/recipe/inferGraph.ts';
import type { Recipe } from '../common/recipe/schema.ts';
import type { BackendChoice, RunEnd, RunStart } from '../common/run/events.ts';
import { RUN_FILES } from '../common/run/runFolder.ts';
import { type ChosenBackend, chooseBackend } from './backends/chooseBackend.ts';
import { describeWork } from './backends/describeWork.ts';
import { withMemoryAdvice } from './backends/memoryAdvice.ts';
import { createStepper } from './compiled/createStepper.ts';
import { countClasses } from './countClasses.ts';
import { type PreparedData, prepareData } from './data/prepareData.ts';
import { refuseStrangeCodes } from './data/refuseStrangeCodes.ts';
import { settleEmbeddings } from './data/settleEmbeddings.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { forecastSeries } from './evaluation/forecast.ts';
import { blameModule } from './module/blameModule.ts';
import { moduleOfRecipe } from './module/moduleOfRecipe.ts';
import type { ModelModule } from './module/openModule.ts';
import { lookAtLayers } from './observation/lookAtLayers.ts';
import { createObserver, type Observer } from './observation/observer.ts';
import { describeModel } from './run/describeModel.ts';
import { type MachineNotices, watchMachineNotices } from './run/machineNotice.ts';
import { openGate } from './run/openGate.ts';
import { saveModel } from './run/saveModel.ts';
import type { RunContext } from './runContext.ts';
import { timeSteps } from './timeSteps.ts';
import { planBatches } from './training/batchPlan.ts';
import { createNetwork, type Network, type NetworkOptions } from './training/network.ts';
import type { Progress } from './training/progress.ts';
import { type Stepper, withBatch } from './training/stepper.ts';
import { saveProgress, takeUpProgress } from './training/takeUpProgress.ts';
import { type LoopEnd, trainLoop } from './training/trainLoop.ts';

/** Several problems at once; each alone would be a SkilletError. */
export class RefusedRun extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join(' '));
    this.name = 'RefusedRun';
    this.problems = problems;
  }
}

/** @throws {RefusedRun} @throws {SkilletError} */
export async function runTraining(asked: Recipe, context: RunContext): Promise<Omit<RunEnd, 'type' | 'at'>> {
  const { options } = context;
  const data = await prepareData(asked, path.dirname(options.recipeFile), options.datasetsFolder);
  const recipe = settleEmbeddings(asked, data.inputs);
  const module = await moduleOfRecipe(recipe, data, context);
  const graph = checkFit(recipe, data, module);
  const classCount = countClasses(recipe, data, graph);
  const targetUnits = data.targets.scaler.factor;
  const networkOptions: NetworkOptions = {
    ...{ recipe, inputShape: data.train.inputShape, targetUnits },
    build: module?.build,
  };
  const rows = firstBatch(recipe, data);
  const work = describeWork(recipe, data.train, { graph, module });
  const chosen = await chooseBackend({
    recipe,
    backends: options.backends,
    before: context.past.backend ?? context.fork?.file.backend ?? null,
    work,
    time: ({ replicas }) =>
      timeSteps({ network: networkOptions, samples: data.train, classCount, rows, replicas, clock: options.clock }),
    verdicts: options.verdicts,
    question: {
      layers: module === null ? recipe.model : module.graph,
      train: speedOf(recipe),
      inputShape: data.train.inputShape,
      classCount,
    },
    now: options.clock.now,
  });
  const { name } = chosen.choice;
  const kind = options.backends.find((backend) => backend.name === name)?.kind ?? 'cpu';
  const batch = { wanted: recipe.train.batchSize, rows: work.batchSize };
  const prepared = { recipe, data, graph, module, classCount, rows, networkOptions, chosen };
  return withMemoryAdvice({ name, kind }, batch, () => blameModule(module, () => train(prepared, context)));
}

/** What is known of a run before its network is made. */
interface Preparation {
  readonly recipe: Recipe;
  readonly data: PreparedData;
  readonly graph: NetworkGraph;
  readonly module: ModelModule | null;
  readonly classCount: number | null;
  /** Samples of the first batch. */
  readonly rows: Int32Array;
  readonly networkOptions: NetworkOptions;
  readonly chosen: ChosenBackend;
}

async function train(prepared: Preparation, context: RunContext): Promise<Omit<RunEnd, 'type' | 'at'>> {
  const { recipe, data, graph, classCount } = prepared;
  const { choice, started } = prepared.chosen;
  const { clock } = context.options;
  const network = createNetwork(prepared.networkOptions);
  const stepper = await createStepper({
    network,
    samples: data.train,
    classCount,
    first: prepared.rows,
    replicas: started.replicas,
    monotonicMs: clock.monotonicMs,
    otherBatches: recipe.train.epochs,
    onEager: (because) => tellEager(because, context),
  });
  const { execution } = stepper;
  const version = started.version === null ? {} : { version: started.version };
  const backend: BackendChoice = { ...choice, execution: execution.kind, ...version };
  try {
    const { replicas } = started;
    const start = { backend, graph, ...moduleFile(prepared) };
    const progress = await takeUpProgress({ recipe, data, classCount, network, replicas, context, start });
    if (progress === null) {
      return { status: 'stopped', message: 'Stopped by you before the first epoch of the fork.' };
    }
    tellDropped(data, context);
    for (const notice of prepared.module?.notices ?? []) {
      context.log.write(notice);
    }
    if (execution.kind === 'eager' && execution.because !== null) {
      tellEager(execution.because, context);
    }
    const observer = openObserver(prepared, context, { network, stepper, progress });
    const saveCheckpoint = () => saveProgress(progress, network, context, recipe);
    const { isSaveWanted } = watchNotices(context);
    const saveIfWanted = async () => {
      if (isSaveWanted()) {
        stepper.settle();
        await saveCheckpoint();
      }
    };
    const end = await trainLoop({
      recipe,
      untilEpoch: context.options.untilEpoch,
      train: data.train,
      validation: data.validation,
      classCount,
      network,
      stepper,
      progress,
      gate: openGate(context, { progress, observer, saveIfWanted }),
      outbox: context.outbox,
      clock,
      saveCheckpoint,
      isSaveWanted,
      observer,
    });
    context.outbox.flush();
    if (end.reason === 'stopped' || end.reason === 'untilEpoch') {
      await saveCheckpoint();
    }
    await finish(prepared, network, context);
    return describeEnd(end, progress, recipe);
  } finally {
    stepper.dispose();
    network.dispose();
  }
}

function moduleFile({ recipe, module }: Preparation): Pick<RunStart, 'module'> {
  if (recipe.module === null || module === null) {
    return {};
  }
  const { sha256, file } = module.source;
  return { module: { file: recipe.module, sha256, bytes: statSync(file).size } };
}

/** @throws {RefusedRun} Shapes that do not fit, now that the inputs are known. */
function checkFit(recipe: Recipe, data: PreparedData, module: ModelModule | null): NetworkGraph {
  const { graph, problems } =
    module === null ? inferGraph(recipe, data.train.inputShape) : { graph: module.graph, problems: [] };
  if (problems.length > 0) {
    throw new RefusedRun(problems);
  }
  if (planBatches(data.train, recipe.train).count === 0) {
    throw new SkilletError('recipe-out-of-range', 'train.batchSize', {
      message: `${recipe.train.batchSize} is more than the ${data.train.count} training ${data.steps === null ? 'rows' : 'sequences'}, and lastBatch: drop leaves no batch.`,
      remedy: 'Use a smaller batchSize, or lastBatch: keep.',
    });
  }
  if (graph.nodes.every(({ parameterCount }) => parameterCount === 0)) {
    throw new SkilletError('recipe-shape', 'model', {
      message: 'No layer has weights, so there is nothing to train.',
      remedy: 'Add a dense layer.',
    });
  }
  refuseStrangeCodes(recipe, data);
  return graph;
}

function tellDropped({ droppedRows, rowNumbers, summary }: PreparedData, { log }: RunContext): void {
  if (droppedRows > 0) {
    log.write({
      type: 'notice',
      level: 'info',
      message: `${droppedRows} of ${droppedRows + rowNumbers.length} rows of ${summary.file} have a missing value and were left out.`,
      remedy: 'Fill the fields, or set data.missing: mean to keep such rows.',
      path: 'data.missing',
    });
  }
}

function firstBatch(recipe: Recipe, { train }: PreparedData): Int32Array {
  const order = Int32Array.from({ length: train.count }, (_, index) => index);
  return planBatches(train, recipe.train).rows(order, 0);
}

/** What the speed of a step depends on, of all that a recipe says about training. */
function speedOf({ train }: Recipe) {
  const { loss, metrics, optimizer, batchSize, replicas } = train;
  return { loss, metrics, optimizer, batchSize, replicas };
}

function tellEager(because: string, { log }: RunContext): void {
  log.write({
    type: 'notice',
    level: 'info',
    message: `Steps are done one operation at a time, which is slower: ${because}.`,
    remedy: 'Nothing needs to be done; the results are the same.',
  });
}

function watchNotices({ options, log, outbox }: RunContext): MachineNotices {
  return watchMachineNotices({
    ...{ file: options.noticeFile ?? null, clock: options.clock },
    tell(notice) {
      outbox.flush();
      log.write(notice);
    },
  });
}

/** Rows of the fixed batch that layers are looked at with. */
const MOST_LOOKED_AT = 256;

function openObserver(
  { recipe, data, classCount, rows }: Preparation,
  { options, log, outbox }: RunContext,
  { network, stepper, progress }: { network: Network; stepper: Stepper; progress: Progress },
): Observer {
  const { clock } = options;
  const seen = rows.slice(0, MOST_LOOKED_AT);
  return createObserver({
    ...{ progress, clock, outbox, epochs: recipe.train.epochs, isAsked: options.observe === true },
    write: log.write,
    look: () => {
      stepper.settle();
      return withBatch({ samples: data.train, classCount }, seen, (batch) =>
        lookAtLayers(network, batch, clock.monotonicMs),
      );
    },
  });
}

async function finish(
  { recipe, data, graph, module }: Preparation,
  network: Network,
  { log, options, room }: RunContext,
): Promise<void> {
  const { evaluation, note } = await evaluate(recipe, data, network);
  if (note !== null) {
    log.write({ type: 'log', message: note });
  }
  log.write({ type: 'evaluation', ...evaluation });
  for (const forecast of await forecastSeries(recipe, data, { network, evaluation })) {
    log.write({ type: 'forecast', ...forecast });
  }
  const sidecar = describeModel(recipe, data, { graph, module: module?.source ?? null });
  const folder = path.join(options.runFolder, RUN_FILES.model);
  await room.write(() => saveModel(network.built.model, sidecar, { folder, disk: options.disk }));
}

function describeEnd(end: LoopEnd, { epoch, step, stopping }: Progress, recipe: Recipe): Omit<RunEnd, 'type' | 'at'> {
  const epochs = (count: number) => `${count} epoch${count === 1 ? '' : 's'}`;
  const best = stopping.bestEpoch === null ? {} : { bestEpoch: stopping.bestEpoch };
  switch (end.reason) {
    case 'stopped':
      return { status: 'stopped', message: `Stopped by you after ${epochs(epoch)}, at step ${step}.`, ...best };
    case 'untilEpoch':
      return { status: 'stopped', message: `Stopped after ${epochs(epoch)}, as it was asked to.`, ...best };
    case 'earlyStopping': {
      const monitor = recipe.train.earlyStopping?.monitor ?? 'val_loss';
      const restored = recipe.train.earlyStopping?.restoreBestWeights ? ', whose weights were restored' : '';
      const since = end.bestEpoch === null ? '' : ` since epoch ${end.bestEpoch}${restored}`;
      return {
        status: 'completed',
        message: `Early stopping at epoch ${epoch}: ${monitor} no longer improved${since}.`,
        ...best,
      };
    }
    default:
      return { status: 'completed', message: `Finished after ${epochs(epoch)}.`, ...best };
  }
}
