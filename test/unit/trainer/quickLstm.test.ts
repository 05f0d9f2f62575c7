/** Our LSTM against the one of TensorFlow.js. */
import { layers } from '@tensorflow/tfjs-layers';
import { quickenLstm } from '../../../src/trainer/model/quickLstm.ts';
import { testSameAsStock } from './support/recurrentTests.ts';

testSameAsStock(layers.lstm, (settings) => quickenLstm(layers.lstm(settings), settings.returnSequences));
