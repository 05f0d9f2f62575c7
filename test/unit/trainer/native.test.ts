/** Native libraries are found beside the bundle or in their package, and a failure to load is told in words. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadKoffi } from '../../../src/trainer/native/koffi.ts';
import { explainLoadError, loadNative } from '../../../src/trainer/native/loadNative.ts';
import { findNativeFile } from '../../../src/trainer/native/nativeFile.ts';

const file = { label: 'Dawn', bundled: 'webgpu/dawn.node', packaged: 'webgpu/package.json' };

test('what lies beside the bundle is taken before the package', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'skillet-native-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const packaged = findNativeFile(file, folder);
  assert.ok(packaged.endsWith(path.join('node_modules', 'webgpu', 'package.json')), packaged);
  mkdirSync(path.join(folder, 'webgpu'));
  writeFileSync(path.join(folder, file.bundled), '');
  assert.equal(findNativeFile(file, folder), path.join(folder, file.bundled));
});

test('a file for another kind of machine is told by this one', () => {
  assert.throws(() => findNativeFile({ ...file, packaged: 'webgpu/dist/abacus/dawn.node' }), {
    message: `Dawn is not part of this installation for ${process.platform}-${process.arch}; install the Skillet that was packed for it`,
  });
});

test('a file that is no library is told by its name', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'skillet-native-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const broken = path.join(folder, 'broken.node');
  writeFileSync(broken, 'no library');
  assert.throws(() => loadNative({ ...file, packaged: broken }), /^Error: Dawn does not load on this system: .*broken/);
});

test('libraries that are too old or missing are named, with what has them', () => {
  const explain = (message: string) => explainLoadError('Dawn', message);
  assert.equal(
    explain("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /a/dawn.node)"),
    "Dawn needs GLIBC_2.34, which this system's C or C++ library is too old for; Debian 12, Ubuntu 22.04, RHEL 10 and newer have it",
  );
  assert.match(explain("/usr/lib64/libstdc++.so.6: version `GLIBCXX_3.4.29' not found"), /needs GLIBCXX_3\.4\.29,/);
  assert.match(explain('libgcc_s.so.1: cannot open shared object file: No such file'), /library libgcc_s\.so\.1,/);
  assert.match(explain('ld-linux-x86-64.so.2: cannot open shared object file'), /needs the GNU C library/);
});

test('koffi calls a function of this process', () => {
  const koffi = loadKoffi();
  const library = koffi.load(process.platform === 'win32' ? 'msvcrt.dll' : null);
  assert.equal(library.func('int abs(int)')(-7), 7);
});
