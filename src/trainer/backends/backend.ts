/** What a TensorFlow.js backend must tell about itself to be chosen for training. */
import type { LayerType } from '../../common/recipe/layers.ts';

export interface Backend {
  readonly name: string;
  readonly kind: 'cpu' | 'gpu';
  /** In words, for sentences. */
  readonly label: string;
  /** Layer types that it can run but not train, because TensorFlow.js lacks the operations of their gradient there. */
  readonly unsupportedLayers: readonly LayerType[];
  /** The same of layers that only a module can build, in the words of `layerType`; those whose gradient is wrong there are among them. */
  readonly unsupportedInModules?: readonly string[];
  /** What it runs on here, as far as that can be told without starting it; a verdict of a race holds for as long as it stays. */
  readonly installation?: string;
  /** Whether a batch can be shared among replicas. */
  readonly hasReplicas: boolean;
  /** Slow enough that a large model should not even be timed on it. */
  readonly isSlow: boolean;
  /** Multiplications of one step, roughly, below which a backend on the processor is surely faster. */
  readonly leastStepCost?: number;
  /**
   * Makes it the current backend.
   *
   * @returns The physical device in words.
   * @throws {CannotStart} Why it cannot run here, and what to do. @throws {Error} Why it cannot run here.
   */
  start(work: Workload): Promise<Started>;
}

/** What is to be computed, as far as a backend wants to know beforehand. */
export interface Workload {
  /** Multiplications of one step, roughly. */
  readonly stepCost: number;
  readonly batchSize: number;
  /** Shares of each batch to be computed side by side, as the recipe says; null where it leaves that to the backend. */
  readonly replicas: number | null;
  /** Whether shares of a batch give what the whole batch gives: not with batch normalisation. */
  readonly canShare: boolean;
  /** Types of the layers that a module builds, where one does. */
  readonly moduleLayers?: readonly string[];
}

export interface Started {
  /** The physical device in words, for example `CPU (AMD EPYC, 2 cores)`. */
  readonly device: string;
  /** Of the library behind it; null where it has none of its own. */
  readonly version: string | null;
  /** The devices that each take their share of every batch, by TensorFlow's names; null is its own choice. One entry: no sharing. */
  readonly replicas: readonly (string | null)[];
}

/** A backend that cannot run here, with what a person can do about it. */
export class CannotStart extends Error {
  /** A whole sentence. */
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'CannotStart';
    this.remedy = remedy;
  }
}
