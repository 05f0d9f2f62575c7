/** The TensorFlow runtime, and CUDA and cuDNN as found and as needed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Problem, SkilletError } from '../../../../src/common/errors.ts';
import type { Cards } from '../../../../src/node/machine/cards.ts';
import { checkCuda, checkCudnn } from '../../../../src/node/machine/cuda.ts';
import { CUDA_LIBRARIES, CUDNN_LIBRARY } from '../../../../src/node/machine/cudaNeeds.ts';
import { checkRuntime } from '../../../../src/node/machine/runtime.ts';
import { askRuntime, type RuntimeState } from '../../../../src/node/machine/runtimeState.ts';
import type { Runtime } from '../../../../src/node/runtime/findRuntime.ts';
import { exited, type MadeMachine, makeMachine } from '../../../fixtures/machine.ts';

const FOLDER = '/home/ada/.cache/skillet/tensorflow/lib';
const noCards: Cards = { nvidia: [], others: [] };
const nvidiaCard: Cards = { nvidia: [], others: [{ vendor: 'NVIDIA', name: null, driver: null }] };

const made = (part: Partial<Runtime> = {}): Runtime => ({
  folder: FOLDER,
  version: '2.20.0',
  flavour: 'cuda',
  source: 'installed',
  ...part,
});
const whole = (part: Partial<Runtime> = {}): RuntimeState => ({ kind: 'whole', runtime: made(part) });
const fault: Problem = {
  code: 'runtime-broken',
  path: FOLDER,
  message: 'libtensorflow_cc.so.2 is missing.',
  remedy: 'Set it up again.',
};

const refuse = async () => {
  throw new SkilletError('runtime-folder', '/opt/none', fault);
};

test('a runtime is asked for, then checked', async () => {
  const find = async () => made();
  const check = async () => null;
  assert.deepEqual(await askRuntime({ find: async () => null, check }), { kind: 'absent' });
  assert.deepEqual(await askRuntime({ find, check }), whole());
  const damaged = await askRuntime({ find, check: async () => fault });
  assert.deepEqual(damaged, { kind: 'damaged', runtime: made(), fault });
  const misnamed = await askRuntime({ find: refuse, check });
  assert.deepEqual(misnamed, { kind: 'misnamed', fault: { ...fault, code: 'runtime-folder', path: '/opt/none' } });
});

test('each state has its status and its next step', () => {
  const states: RuntimeState[] = [
    { kind: 'absent' },
    whole(),
    { kind: 'damaged', runtime: made(), fault },
    { kind: 'damaged', runtime: made({ source: 'named' }), fault },
    { kind: 'misnamed', fault },
  ];
  assert.deepEqual(
    states.map((state) => {
      const { status, remedy } = checkRuntime(makeMachine(), state, noCards);
      return [status, remedy?.action ?? null];
    }),
    [
      ['warn', 'setUp'],
      ['ok', null],
      ['fail', 'setUp'],
      ['fail', 'openSettings'],
      ['fail', 'openSettings'],
    ],
  );
});

test('a folder that holds none is named, from the home folder on', () => {
  const misnamed: RuntimeState = {
    kind: 'misnamed',
    fault: { ...fault, path: '/home/ada/tf', message: 'holds no TensorFlow.' },
  };
  assert.equal(checkRuntime(makeMachine(), misnamed, noCards).detail, '~/tf holds no TensorFlow.');
});

test('where there is no TensorFlow for the system, its absence is a fact', () => {
  const { status, remedy } = checkRuntime(makeMachine({ platform: 'win32' }), { kind: 'absent' }, noCards);
  assert.deepEqual([status, remedy], ['info', null]);
});

test('version, build and folder are told, and whether the settings name it', () => {
  const detail = (part: Partial<Runtime>) => checkRuntime(makeMachine(), whole(part), noCards).detail;
  assert.equal(detail({}), '2.20.0 for CUDA, in ~/.cache/skillet/tensorflow/lib');
  assert.equal(
    detail({ version: null, flavour: 'unknown', source: 'named', folder: '/opt/tensorflow' }),
    'unknown version, in /opt/tensorflow, named in place of Skillet’s own',
  );
});

test('the build for the processor leaves an NVIDIA card unused', () => {
  assert.equal(checkRuntime(makeMachine(), whole({ flavour: 'cpu' }), noCards).status, 'ok');
  assert.deepEqual(checkRuntime(makeMachine(), whole({ flavour: 'cpu' }), nvidiaCard).remedy, {
    text: 'Set up the GPU build to use the NVIDIA card.',
    action: 'setUp',
  });
});

/** Files of NVIDIA's wheels beside the runtime. */
const beside = Object.fromEntries(
  [...CUDA_LIBRARIES, CUDNN_LIBRARY].map((name) => {
    const part = name.replace(/^lib(\w+?)(Lt)?\.so.*$/, '$1');
    return [`/home/ada/.cache/skillet/tensorflow/nvidia/${part}/lib/${name}`, ''];
  }),
);

async function check(machine: MadeMachine, runtime: RuntimeState, cards = nvidiaCard) {
  const sources = makeMachine(machine);
  const findings = await Promise.all([checkCuda(sources, { runtime, cards }), checkCudnn(sources, { runtime, cards })]);
  return findings.map(({ status, detail }) => `${status} ${detail}`);
}

test('libraries beside the runtime are found', async () => {
  assert.deepEqual(await check({ files: beside }, whole()), [
    'ok 12 beside TensorFlow (TensorFlow needs CUDA 12)',
    'ok 9 beside TensorFlow (TensorFlow needs cuDNN 9)',
  ]);
});

test('what is missing is named, and setting up again brings it', async () => {
  const files = Object.fromEntries(Object.entries(beside).filter(([file]) => !/cufft|cudnn/.test(file)));
  assert.deepEqual(await check({ files }, whole()), [
    'fail TensorFlow needs CUDA 12; missing: libcufft.so.11',
    'fail TensorFlow needs cuDNN 9; missing: libcudnn.so.9',
  ]);
  const sources = makeMachine({ files });
  const remedyOf = async (runtime: RuntimeState) => (await checkCudnn(sources, { runtime, cards: nvidiaCard })).remedy;
  assert.equal((await remedyOf(whole()))?.action, 'setUp');
  assert.equal((await remedyOf(whole({ source: 'named' })))?.command, 'pip install "tensorflow[and-cuda]"');
});

test('the system’s libraries count too, with the version in their file names', async () => {
  const lib = '/usr/local/cuda-12.4/targets/x86_64-linux/lib';
  const names = [...CUDA_LIBRARIES, CUDNN_LIBRARY];
  const files = Object.fromEntries(
    [...names, 'libcudart.so.12.4.127', 'libcudnn.so.9.5.1'].map((name) => [`${lib}/${name}`, '']),
  );
  const cache = [
    "2 libs found in cache `/etc/ld.so.cache'",
    ...names.map((name) => `\t${name} (libc6,x86-64) => ${lib}/${name}`),
  ];
  assert.deepEqual(await check({ files, programs: { ldconfig: exited(`${cache.join('\n')}\n`) } }, whole()), [
    `ok 12.4.127 in ${lib} (TensorFlow needs CUDA 12)`,
    `ok 9.5.1 in ${lib} (TensorFlow needs cuDNN 9)`,
  ]);
});

test('folders of LD_LIBRARY_PATH count too', async () => {
  const files = Object.fromEntries([...CUDA_LIBRARIES, CUDNN_LIBRARY].map((name) => [`/opt/cuda/lib/${name}`, '']));
  const [cuda] = await check({ files, env: { LD_LIBRARY_PATH: ':/opt/cuda/lib' } }, whole());
  assert.equal(cuda, 'ok 12 in /opt/cuda/lib (TensorFlow needs CUDA 12)');
});

test('an older CUDA does not pass for CUDA 12', async () => {
  const lib = '/usr/local/cuda-11.8/lib64';
  const files = { [`${lib}/libcudart.so.11.0`]: '' };
  const cache = exited(`\tlibcudart.so.11.0 (libc6,x86-64) => ${lib}/libcudart.so.11.0\n`);
  const [cuda] = await check({ files, programs: { ldconfig: cache } }, whole());
  assert.match(cuda ?? '', /^fail .*missing: libcudart\.so\.12, /);
});

test('where none is needed, what was found is a fact', async () => {
  const toolkit = { '/usr/local/cuda/version.json': '{"cuda": {"name": "CUDA SDK", "version": "12.4.1"}}' };
  assert.deepEqual(await check({ files: toolkit }, whole(), noCards), [
    'info 12.4.1 in /usr/local/cuda; not needed without an NVIDIA card',
    'info none found; not needed without an NVIDIA card',
  ]);
  const [cuda] = await check({}, { kind: 'absent' });
  assert.equal(cuda, 'info none found; TensorFlow’s GPU build needs CUDA 12, and setting it up brings it along');
});

test('on Windows the toolkit is found by CUDA_PATH, and not used', async () => {
  const folder = 'C:\\Program Files\\NVIDIA GPU Computing Toolkit\\CUDA\\v12.4';
  const files = { [`${folder}\\version.json`]: '{"cuda": {"version": "12.4.1"}}' };
  const [cuda] = await check({ platform: 'win32', env: { CUDA_PATH: folder }, files }, { kind: 'absent' });
  assert.equal(cuda, `info 12.4.1 in ${folder}; TensorFlow does not use it on Windows`);
});

test('a version.json that is none, and the version.txt of old toolkits', async () => {
  const files = {
    '/usr/local/cuda/version.json': 'oops',
    '/usr/local/cuda/version.txt': 'CUDA Version 10.2.89\n',
  };
  const [cuda] = await check({ files }, { kind: 'absent' }, noCards);
  assert.match(cuda ?? '', /^info 10\.2\.89 in \/usr\/local\/cuda/);
});
