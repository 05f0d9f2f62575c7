/** What a saved network must remember of the module that made it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { serialization } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModuleSource } from '../../common/model/sidecar.ts';
import type { Wanted } from './checkModel.ts';
import { layersWithin, type TfLayer } from './layerWords.ts';

/** @param given What its `build` was given. */
export function moduleSource(
  file: string,
  model: LayersModel,
  given: Wanted & Pick<ModuleSource, 'params'>,
): ModuleSource {
  const { params, inputShape, outputs } = given;
  return {
    file,
    sha256: fingerprint(file),
    params: { ...params },
    inputShape: [...inputShape],
    outputs,
    needed: model.layers.flatMap(layersWithin).some((layer) => !isKnown(layer)),
  };
}

export function fingerprint(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Whether TensorFlow.js can make a layer of its class from a saved network. */
function isKnown(layer: TfLayer): boolean {
  const known = serialization.SerializationMap.getMap().classNameMap[layer.getClassName()];
  return known?.[0] === (layer.constructor as unknown);
}
