/** A network as both Keras's and TensorFlow.js's files describe it: layers, who reads whom, and weights. */

export interface LayerSpec {
  /** Keras's class, for example `Dense`. */
  readonly className: string;
  readonly name: string;
  /** Settings with Keras's names, such as `kernel_initializer`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers it reads, in order; empty for the input. */
  readonly inputs: readonly string[];
}

export interface ModelSpec {
  readonly name: string;
  /** In an order in which each layer comes after those it reads; one of them is the `InputLayer`. */
  readonly layers: readonly LayerSpec[];
  /** Name of the layer whose output is the model's. */
  readonly output: string;
}

export interface Weight {
  /** `<layer>/<weight>`, for example `dense1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface ModelFile {
  readonly spec: ModelSpec;
  readonly weights: readonly Weight[];
}
