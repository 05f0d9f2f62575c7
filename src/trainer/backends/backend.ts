/** What a TensorFlow.js backend must tell about itself to be chosen for training. */
import type { LayerType } from '../../common/recipe/layers.ts';

export interface Backend {
  readonly name: string;
  readonly kind: 'cpu' | 'gpu';
  /** In words, for sentences. */
  readonly label: string;
  /** Layer types that it can run but not train, because TensorFlow.js lacks the operations of their gradient there. */
  readonly unsupportedLayers: readonly LayerType[];
  /** Slow enough that a large model should not even be timed on it. */
  readonly isSlow: boolean;
  /**
   * Makes it the current backend.
   *
   * @returns The physical device in words.
   * @throws {Error} Why it cannot run here.
   */
  start(): Promise<string>;
}
