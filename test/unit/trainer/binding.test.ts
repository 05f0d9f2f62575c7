/** TensorFlow's operations called one by one through our binding. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ATTRIBUTE } from '../../../src/trainer/tensorflow/binding.ts';
import { currentTensorFlow, type TensorFlow } from '../../../src/trainer/tensorflow/kernelBackend.ts';
import { DTYPE } from '../../../src/trainer/tensorflow/tensorBytes.ts';
import { canStart } from './support/startBackend.ts';

test('an operation may give as many results as it likes: a long window is cut into that many time steps', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const { binding } = currentTensorFlow() as TensorFlow;
  const before = binding.getNumOfTensors();
  const count = 20_000;
  const inputs = [
    binding.createTensor([], DTYPE.int32, Int32Array.of(0)),
    binding.createTensor(
      [count],
      DTYPE.float,
      Float32Array.from({ length: count }, (_, i) => i),
    ),
  ];
  const attributes = [
    { name: 'num_split', type: ATTRIBUTE.int, value: count },
    { name: 'T', type: ATTRIBUTE.type, value: DTYPE.float },
  ];
  const pieces = binding.executeOp('Split', attributes, inputs, count);
  assert.deepEqual(
    [0, 4096, count - 1].map((i) => binding.tensorDataSync(pieces[i]?.id ?? -1)[0]),
    [0, 4096, count - 1],
  );
  for (const id of [...inputs, ...pieces.map((piece) => piece.id)]) {
    binding.deleteTensor(id);
  }
  assert.equal(binding.getNumOfTensors(), before);
});
