/** Our GRU against the one of TensorFlow.js. */
import { layers } from '@tensorflow/tfjs-layers';
import { quickenGru } from '../../../src/trainer/model/quickGru.ts';
import { testSameAsStock } from './support/recurrentTests.ts';

testSameAsStock(layers.gru, (settings) => quickenGru(layers.gru(settings), settings.returnSequences));
