/** Our own WebAssembly kernels against plain JavaScript. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { assertClose } from './support/assertClose.ts';
import { startBackend } from './support/startBackend.ts';

test('transposed products on wasm are those of plain JavaScript, and leave nothing behind', async () => {
  const products = (): number[][] =>
    [false, true].flatMap((transposeA) =>
      [false, true].flatMap((transposeB) =>
        [[], [3]].map((batch) =>
          tf.tidy(() => {
            const fill = (rows: number, columns: number, isTurned: boolean) => {
              const shape = [...batch, ...(isTurned ? [columns, rows] : [rows, columns])];
              const size = shape.reduce((product, length) => product * length, 1);
              return tf.tensor(
                Float32Array.from({ length: size }, (_, i) => Math.sin(i + rows)),
                shape,
              );
            };
            const product = tf.matMul(fill(5, 7, transposeA), fill(7, 1, transposeB), transposeA, transposeB);
            return Array.from(product.dataSync());
          }),
        ),
      ),
    );
  await startBackend('js');
  const expected = products();
  await startBackend('wasm');
  products();
  const before = tf.memory();
  assertClose(products(), expected, 1e-5);
  assert.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers], [before.numTensors, before.numDataBuffers]);
});

test('pieces cut on wasm are those of plain JavaScript, and leave nothing behind', async () => {
  const pieces = (): number[][] =>
    tf.tidy(() => {
      const x = tf.tensor(
        Float32Array.from({ length: 2 * 3 * 4 * 5 }, (_, i) => i),
        [2, 3, 4, 5],
      );
      const row = tf.tensor1d([1, 2, 3, 4, 5], 'int32');
      return [
        ...[0, 1, 2, 3, -1, -2].flatMap((axis) =>
          tf.split(
            x,
            [1, x.shape.at(axis) ?? 0].map((n, i) => (i ? n - 1 : n)),
            axis,
          ),
        ),
        ...tf.split(row, [2, 3]),
        ...tf.unstack(x, 2),
        tf.slice(x, [0, 1, 0, 0], [-1, 2, -1, -1]),
        tf.slice(x, [1, 1, 1, 1], [1, 2, 2, 3]),
        tf.slice(x, [0, 0, 0, 4]),
        tf.slice(row, 1, 3),
        tf.slice(row, 0, 0),
        x,
      ].map((piece) => [...piece.shape, ...piece.dataSync()]);
    });
  await startBackend('js');
  const expected = pieces();
  await startBackend('wasm');
  pieces();
  const before = tf.memory();
  assert.deepEqual(pieces(), expected);
  assert.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers], [before.numTensors, before.numDataBuffers]);
});

test('gradients of convolutions on wasm are those of plain JavaScript, and leave nothing behind', async () => {
  const cases: [size: number[], filter: number[], strides: number | [number, number], pad: 'same' | 'valid'][] = [
    [[3, 6, 5, 2], [3, 3, 2, 4], 1, 'same'],
    [[3, 6, 5, 2], [3, 2, 2, 4], 1, 'valid'],
    [[2, 7, 8, 1], [2, 4, 1, 3], [2, 3], 'same'],
    [[2, 7, 8, 3], [3, 3, 3, 1], 2, 'valid'],
    [[1, 4, 4, 2], [1, 1, 2, 2], 1, 'same'],
    // As large as makes the batch go in parts.
    [[5, 40, 40, 16], [5, 5, 16, 2], 1, 'same'],
  ];
  const fill = (shape: number[]) =>
    tf.tensor4d(
      Float32Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, i) => Math.sin(i * 1.3)),
      shape as [number, number, number, number],
    );
  const gradients = (): number[][] =>
    cases.flatMap(([size, filter, strides, pad]) =>
      tf.tidy(() => {
        const convolve = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
        const y = tf.conv2d(fill(size), fill(filter) as tf.Tensor4D, strides, pad);
        const [dx, dw] = tf.grads(convolve)([fill(size), fill(filter)], fill(y.shape));
        return [dx, dw].map((gradient) => [...(gradient?.shape ?? []), ...(gradient?.dataSync() ?? [])]);
      }),
    );
  await startBackend('js');
  const expected = gradients();
  await startBackend('wasm');
  gradients();
  const before = tf.memory();
  assertClose(gradients(), expected, 1e-4);
  assert.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers], [before.numTensors, before.numDataBuffers]);
});
for (const backend of ['js', 'wasm']) {
  test(`rows are summed by their code on ${backend}, and nothing is left behind`, async () => {
    const sums = (): number[][] =>
      tf.tidy(() => {
        const rows = tf.tensor2d(
          Float32Array.from({ length: 10 }, (_, i) => i),
          [5, 2],
        );
        return [
          tf.unsortedSegmentSum(rows, tf.tensor1d([2, 0, 2, 9, -1], 'int32'), 3),
          tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3], 'int32'), tf.tensor1d([1, 1, 0], 'int32'), 2),
          tf.grad((table) => tf.sum(tf.gather(table, tf.tensor2d([3, 0, 3, 1], [2, 2], 'int32'))))(tf.ones([4, 2])),
        ].map((sum) => [...sum.shape, ...sum.dataSync()]);
      });
    await startBackend(backend);
    sums();
    const before = tf.memory();
    assert.deepEqual(sums(), [
      [3, 2, 2, 3, 0, 0, 4, 6],
      [2, 3, 3],
      [4, 2, 1, 1, 1, 1, 0, 0, 2, 2],
    ]);
    assert.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers], [before.numTensors, before.numDataBuffers]);
  });
}
