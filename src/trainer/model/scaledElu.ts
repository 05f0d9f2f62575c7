/** The exponential linear unit with a slope of one's own, which TensorFlow.js's layer has for 1 alone. */
import { add, elu, mul, relu, type serialization, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

/** x where it is positive, α·(eˣ − 1) elsewhere (Clevert, Unterthiner and Hochreiter 2015). */
export class ScaledElu extends layers.Layer {
  static readonly className = 'ScaledELU';
  readonly alpha: number;

  constructor(config: { readonly alpha: number; readonly name?: string }) {
    super(config);
    this.alpha = config.alpha;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x] = [inputs].flat();
    if (x === undefined) {
      throw new Error('ScaledELU reads one tensor');
    }
    // elu and relu differ where x is negative alone.
    return tidy(() => add(mul(this.alpha, elu(x)), mul(1 - this.alpha, relu(x))));
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return inputShape;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}
