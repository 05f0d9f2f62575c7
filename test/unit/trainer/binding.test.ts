/** TensorFlow's operations called one by one through our binding. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadKoffi } from '../../../src/trainer/native/koffi.ts';
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

test('whole numbers of 64 bits keep their size and sign', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const { binding } = currentTensorFlow() as TensorFlow;
  const ids = [
    binding.createTensor([3], DTYPE.int64, [1, -2, 3]),
    binding.createTensor([3], DTYPE.int64, BigInt64Array.of(1n, -2n, 3n)),
  ];
  for (const id of ids) {
    assert.deepEqual(binding.tensorDataSync(id), Int32Array.of(1, -2, 3));
    binding.deleteTensor(id);
  }
});

test('values that do not fill their tensor are refused, or TensorFlow would read past them', async (t) => {
  if (!(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  const { binding } = currentTensorFlow() as TensorFlow;
  const before = binding.getNumOfTensors();
  assert.throws(() => binding.createTensor([2, 3], DTYPE.float, Float32Array.of(1, 2)), {
    message: 'A tensor of shape [2,3] needs 24 bytes, not 8',
  });
  assert.equal(binding.getNumOfTensors(), before);
});

test('TensorFlow keeps its functions to itself: a library that is loaded later must not find its LLVM among them', async (t) => {
  if (process.platform === 'win32' || !(await canStart(t, 'tensorflow-cpu'))) {
    return;
  }
  assert.throws(() => loadKoffi().load(null).func('void *TF_NewStatus()'), /Cannot find function 'TF_NewStatus'/);
});
