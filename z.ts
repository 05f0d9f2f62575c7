import * as tf from '@tensorflow/tfjs-core';
import { toRecipe } from './test/unit/trainer/support/toRecipe.ts';
import { startBackend } from './test/unit/trainer/support/startBackend.ts';
import { createNetwork } from './src/trainer/training/network.ts';
await startBackend('wasm');
const o = { recipe: toRecipe(`{name: x, data: {csv: a, target: y, features: [a], lookback: 2}, model: [{lstm: {units: 128, returnSequences: true}}, {lstm: {units: 128}}, {dense: {units: 1}}], train: {loss: meanSquaredError, optimizer: adam}}`), inputShape: [50, 8], targetUnits: [1] };
const net = createNetwork(o as any); const batch = { inputs: tf.randomNormal([64, 50, 8]), targets: tf.randomNormal([64, 1]) } as any;
for (let i = 0; i < 4; i++) { const t = performance.now(); net.step(batch); console.log((performance.now() - t).toFixed(0)); }
const prof = await tf.profile(() => { net.step(batch); return batch.inputs; });
const c: Record<string, [number, number]> = {}; for (const k of prof.kernels) { const e = (c[k.name] ??= [0, 0]); e[0]++; e[1] += Number(k.kernelTimeMs) || 0; }
console.log(Object.entries(c).sort((a, b) => b[1][0] - a[1][0]).map(([k, [n, ms]]) => `${k} ${n} ${ms.toFixed(1)}ms`).join('\n'));
