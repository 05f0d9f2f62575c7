/** Layers that saved networks may hold and TensorFlow.js has not. */
import { serialization } from '@tensorflow/tfjs-core';
import { ResetAfterGruCell } from './resetAfterGru.ts';
import { ScaledElu } from './scaledElu.ts';

/** To be called before a network is loaded; again does no harm. */
export function registerOwnLayers(): void {
  serialization.registerClass(ResetAfterGruCell);
  serialization.registerClass(ScaledElu);
}
