/** The GRU that resets after its recurrent product, as cuDNN, MXNet and Keras 2 and later have it; TensorFlow.js has the other one alone. */
import {
  add,
  matMul,
  mul,
  type serialization,
  sigmoid,
  split,
  sub,
  type Tensor,
  type Tensor2D,
  tanh,
  tidy,
} from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';

type LayerShape = (number | null)[];

/**
 * z, r = σ(x·W + b + h·U + b′), g = tanh(x·W + b + r·(h·U + b′)), h ← z·h + (1 − z)·g; gates in Keras's order z, r, g.
 * Weights as Keras has them: kernel [features, 3·units], recurrent kernel [units, 3·units], bias [2, 3·units].
 */
export class ResetAfterGruCell extends layers.Layer {
  static readonly className = 'ResetAfterGRUCell';
  readonly units: number;
  /** What the layer around it asks for. */
  readonly stateSize: number;
  #weights: { readonly kernel: Variable; readonly recurrent: Variable; readonly bias: Variable } | null = null;

  constructor(config: { readonly units: number; readonly name?: string }) {
    super(config);
    this.units = config.units;
    this.stateSize = config.units;
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    const width = (inputShape as LayerShape).at(-1) ?? 1;
    const weight = (name: string, shape: number[]) => this.addWeight(name, shape, 'float32', initializers.zeros());
    this.#weights = {
      kernel: weight('kernel', [width, 3 * this.units]),
      recurrent: weight('recurrent_kernel', [this.units, 3 * this.units]),
      bias: weight('bias', [2, 3 * this.units]),
    };
    super.build(inputShape);
  }

  /** @param inputs One step [batch, features] and the state [batch, units]. @returns The new state, twice. */
  override call(inputs: Tensor | Tensor[]): Tensor[] {
    const [x, h] = inputs as Tensor2D[];
    const weights = this.#weights;
    if (x === undefined || h === undefined || weights === null) {
      throw new Error('A GRU cell takes a step and a state, once it is built');
    }
    return tidy(() => {
      const [inputBias, recurrentBias] = split(weights.bias.read(), 2) as [Tensor, Tensor];
      const byInput = split(add(matMul(x, weights.kernel.read() as Tensor2D), inputBias), 3, 1);
      const byState = split(add(matMul(h, weights.recurrent.read() as Tensor2D), recurrentBias), 3, 1);
      const [xUpdate, xReset, xNew] = byInput as [Tensor, Tensor, Tensor];
      const [hUpdate, hReset, hNew] = byState as [Tensor, Tensor, Tensor];
      const update = sigmoid(add(xUpdate, hUpdate));
      const reset = sigmoid(add(xReset, hReset));
      const candidate = tanh(add(xNew, mul(reset, hNew)));
      const output = add(mul(update, h), mul(sub(1, update), candidate));
      return [output, output];
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}

type Variable = ReturnType<InstanceType<typeof layers.Layer>['addWeight']>;
