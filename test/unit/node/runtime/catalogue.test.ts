/** The pinned catalogue: whole, exact and safe to unpack. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE, findPackage } from '../../../../src/node/runtime/catalogue.ts';
import { libraryNames } from '../../../../src/node/runtime/libraryNames.ts';

test('every wheel is pinned to a file, a hash and a size, and carries its version in its name', () => {
  for (const { project, version, file, sha256, bytes, entries } of CATALOGUE.flatMap(({ wheels }) => wheels)) {
    assert.match(sha256, /^[0-9a-f]{64}$/, file);
    assert.ok(file.startsWith(`${project.replaceAll('-', '_')}-${version}-`) && file.endsWith('.whl'), file);
    assert.ok(Number.isSafeInteger(bytes) && bytes > 1e6 && entries.length > 0, file);
  }
});

test('what is unpacked lies below tensorflow/ and nvidia/, each file once, and has the library', () => {
  for (const { platform, wheels } of CATALOGUE) {
    const names = wheels.flatMap(({ entries }) => entries.map(({ name, to }) => to ?? name));
    assert.deepEqual(
      names.filter((name) => !/^(tensorflow|nvidia)\/[\w./-]+$/.test(name) || name.includes('..')),
      [],
    );
    assert.equal(new Set(names).size, names.length);
    const { library = '', framework = '' } = libraryNames(platform) ?? {};
    assert.ok(names.includes(`tensorflow/${library}`) && names.includes(`tensorflow/${framework}`), platform);
  }
});

test('there is one package for a platform and a flavour, and NVIDIA libraries only come with consent', () => {
  const keys = CATALOGUE.map(({ platform, flavour }) => `${platform} ${flavour}`);
  assert.deepEqual(keys, ['linux-x64 cpu', 'linux-x64 cuda', 'linux-arm64 cpu', 'darwin-arm64 cpu']);
  for (const { flavour, wheels, licences } of CATALOGUE) {
    assert.equal(
      wheels.some(({ project }) => project.startsWith('nvidia-')),
      flavour === 'cuda',
    );
    assert.equal(
      licences.some(({ mustBeAccepted }) => mustBeAccepted),
      flavour === 'cuda',
    );
  }
});

test("CUDA's wheels are within the ranges of TensorFlow's and-cuda extra", () => {
  // From the metadata of tensorflow 2.21.0: at least, and below.
  const ranges: Record<string, [string, number]> = {
    'nvidia-cublas-cu12': ['12.5.3.2', 13],
    'nvidia-cuda-nvrtc-cu12': ['12.5.82', 13],
    'nvidia-cuda-runtime-cu12': ['12.5.82', 13],
    'nvidia-cudnn-cu12': ['9.3.0.75', 10],
    'nvidia-cufft-cu12': ['11.2.3.61', 12],
    'nvidia-cusolver-cu12': ['11.6.3.83', 12],
    'nvidia-cusparse-cu12': ['12.5.1.3', 13],
    'nvidia-nvjitlink-cu12': ['12.5.82', 13],
  };
  const { wheels } = findPackage('linux-x64', 'cuda');
  const versions = wheels.filter(({ project }) => project !== 'tensorflow');
  assert.deepEqual(versions.map(({ project }) => project).sort(), Object.keys(ranges));
  for (const { project, version } of versions) {
    const [least, below] = ranges[project] ?? ['', 0];
    assert.ok(least.localeCompare(version, 'en', { numeric: true }) <= 0, `${project} ${version}`);
    assert.ok(Number.parseInt(version, 10) < below, `${project} ${version}`);
  }
});
