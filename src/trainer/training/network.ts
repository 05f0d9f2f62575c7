/** A network under training: the model, its update rule, and one step of learning. */
import {
  add,
  clone,
  dispose,
  keep,
  mul,
  type Scalar,
  stack,
  type Tensor,
  tensor1d,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { isClassification } from '../../common/recipe/checkTraining.ts';
import type { Recipe } from '../../common/recipe/schema.ts';
import { type BuiltModel, buildModel } from '../model/buildModel.ts';
import { type LogitTap, tapLogits } from '../objective/logits.ts';
import { LOSSES } from '../objective/losses.ts';
import { METRICS } from '../objective/metrics.ts';
import { createOptimizer, type Optimizer } from '../optimizer/optimizer.ts';
import type { Batch } from './batches.ts';
import { read } from './readTensors.ts';

/** Values of one batch by metric name, `loss` first. */
export type StepMetrics = Record<string, number>;

/** All for the caller to dispose, best by a tidy around. */
interface Differentiated {
  readonly loss: Tensor;
  /** By name of the variable. */
  readonly gradients: Readonly<Record<string, Tensor>>;
  readonly predictions: Tensor;
}

export interface Network {
  readonly built: BuiltModel;
  readonly optimizer: Optimizer;
  /** `loss` first. */
  readonly metricNames: readonly string[];
  /** Tensors that a step reads and that never change. */
  readonly constants: readonly Tensor[];
  /** Forward and back in training mode, without an update. */
  differentiate(batch: Batch): Differentiated;
  /** Learns from one batch and gives its metrics from before the update. Nothing is learnt where the loss is not finite. */
  step(batch: Batch): Promise<StepMetrics>;
  /** Weights that gradients train; they come first among the model's. */
  readonly variables: readonly Variable[];
  /** Metrics [names], and gradients in the order of the variables, without an update; all for the caller to dispose. */
  gradients(batch: Batch): { readonly metrics: Tensor; readonly gradients: readonly Tensor[] };
  /** Metrics [names] of a pass forward alone, in training mode or not; the caller's to dispose. */
  forward(batch: Batch, mode: { readonly training: boolean }): Tensor;
  /** Metrics without learning, as in validation. */
  measure(batch: Batch): Promise<StepMetrics>;
  dispose(): void;
}

export interface NetworkOptions {
  readonly recipe: Recipe;
  readonly inputShape: readonly number[];
  /** Size of one scaled unit of each target in the data's own. */
  readonly targetUnits: readonly number[];
  /** Where a module makes the model instead of the recipe's list. */
  readonly build?: (() => BuiltModel) | undefined;
}

/** Built on the current backend, with the weights of the recipe's seed. */
export function createNetwork({ recipe, inputShape, targetUnits, build }: NetworkOptions): Network {
  const { train } = recipe;
  const built = build?.() ?? buildModel(recipe.model, modelShape(recipe, inputShape), train.seed);
  const { model } = built;
  const tap = isClassification(recipe) ? tapLogits(model) : null;
  const variables = trainableVariables(model);
  const optimizer = createOptimizer(variables, train.optimizer, twinBiases(recipe, model));
  const unit = targetUnits.every((size) => size === 1) ? null : keep(tensor1d([...targetUnits]));
  const objective = toObjective(recipe, model, tap);

  const differentiate = (batch: Batch) =>
    differentiateLoss(variables, batch, {
      apply: () => predict(model, batch, { training: true }),
      objective,
    });
  const metricNames = ['loss', ...train.metrics];
  const metricsOf = (loss: Tensor, { targets, counts }: Batch, predictions: Tensor): Tensor =>
    stack([loss, ...train.metrics.map((name) => METRICS[name]({ targets, predictions, unit, counts }))]);
  const readMetrics = async (metrics: Tensor): Promise<StepMetrics> => {
    const [values = new Float32Array()] = await read([metrics]);
    return Object.fromEntries(metricNames.map((name, i) => [name, values[i] ?? Number.NaN]));
  };
  const gradientsOf = (batch: Batch) => {
    const { loss, gradients, predictions } = differentiate(batch);
    return {
      metrics: metricsOf(loss, batch, predictions),
      gradients: variables.map((variable) => gradients[variable.name] as Tensor),
    };
  };

  const forward: Network['forward'] = (batch, mode) =>
    tidy(() => {
      const predictions = predict(model, batch, mode);
      return metricsOf(objective(batch, predictions), batch, predictions);
    });

  return {
    built,
    optimizer,
    metricNames,
    constants: [...(unit === null ? [] : [unit]), ...(built.tensors ?? [])],
    variables,
    differentiate,
    gradients: gradientsOf,
    async step(batch) {
      const [metrics, ...gradients] = tidy(() => {
        const found = gradientsOf(batch);
        return [found.metrics, ...found.gradients];
      });
      try {
        const values = await readMetrics(metrics as Tensor);
        // A broken step must not reach the weights: they are still needed to find out where it broke.
        if (Number.isFinite(values.loss)) {
          optimizer.apply(gradients);
        }
        return values;
      } finally {
        dispose([metrics as Tensor, ...gradients]);
      }
    },
    forward,
    async measure(batch) {
      const metrics = forward(batch, { training: false });
      try {
        return await readMetrics(metrics);
      } finally {
        metrics.dispose();
      }
    },
    dispose() {
      optimizer.dispose();
      tap?.dispose();
      model.dispose();
      unit?.dispose();
      dispose([...(built.tensors ?? [])]);
    },
  };
}

/** A network that says something at every step takes sequences of any length. */
function modelShape({ data }: Recipe, inputShape: readonly number[]): readonly (number | null)[] {
  return data.sequences === undefined ? inputShape : [null, ...inputShape.slice(1)];
}

type Objective = (batch: Batch, predictions: Tensor) => Scalar;

function differentiateLoss(
  variables: Variable[],
  batch: Batch,
  { apply, objective }: { readonly apply: () => Tensor; readonly objective: Objective },
): Differentiated {
  const seen: Tensor[] = [];
  const { value, grads } = variableGrads(() => {
    const predictions = apply();
    seen.push(keep(predictions));
    return objective(batch, predictions);
  }, variables);
  // Kept only to outlive the tape; from here on the caller's tidy has them.
  const [predictions] = seen.map((kept) => tidy(() => clone(kept)));
  dispose(seen);
  return { loss: value, gradients: grads, predictions: predictions as Tensor };
}

/** The loss of the recipe with its weight and the penalties of the layers. */
function toObjective(recipe: Recipe, model: LayersModel, tap: LogitTap | null): Objective {
  const { loss: name, lossWeight } = recipe.train;
  const isPenalised = tidy(() => penaltiesOf(model).length > 0);
  return ({ targets, counts }, predictions) => {
    const logits = tap?.take() ?? predictions;
    const loss = LOSSES[name]({ targets, predictions, logits, counts });
    if (tap !== null) {
      logits.dispose();
    }
    const weighted = lossWeight === 1 ? loss : mul<Scalar>(loss, lossWeight);
    return isPenalised ? penaltiesOf(model).reduce((sum, penalty) => add<Scalar>(sum, penalty), weighted) : weighted;
  };
}

/** TensorFlow.js forgets the penalties that a recurrent layer's inner cell carries. */
function penaltiesOf(model: LayersModel): Scalar[] {
  const ofCells = model.layers.flatMap((layer) => {
    const { cell } = layer as unknown as { cell?: { losses: (() => Scalar)[] } };
    return cell?.losses.map((penalty) => penalty()) ?? [];
  });
  return [...model.calculateLosses(), ...ofCells];
}

export function predict(model: LayersModel, { inputs }: Pick<Batch, 'inputs'>, mode: { training: boolean }): Tensor {
  return model.apply(inputs, mode) as Tensor;
}

function trainableVariables(model: Pick<LayersModel, 'trainableWeights'>): Variable[] {
  // The layers' wrapper hides the engine's variable, which gradients are taken by.
  return model.trainableWeights.map((weight) => (weight as unknown as { val: Variable }).val);
}

/** Biases that stand for two, one of the inputs and one of the state. */
function twinBiases(recipe: Recipe, model: LayersModel): Variable[] {
  const twins = recipe.model.filter((layer) => layer.type === 'lstm' && layer.biases === 2 && layer.useBias);
  return twins.flatMap(({ name }) => trainableVariables(model.getLayer(name)).slice(-1));
}
