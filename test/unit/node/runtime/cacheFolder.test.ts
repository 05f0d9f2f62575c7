/** Where Skillet keeps what it fetches, on each platform. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCacheFolder } from '../../../../src/node/runtime/cacheFolder.ts';

const home = '/home/ada';

test('each platform has its own place for caches', () => {
  assert.deepEqual(
    [
      findCacheFolder({ platform: 'linux', env: {}, home }),
      findCacheFolder({ platform: 'linux', env: { XDG_CACHE_HOME: '/big/cache' }, home }),
      findCacheFolder({ platform: 'darwin', env: { XDG_CACHE_HOME: '/big/cache' }, home: '/Users/ada' }),
      findCacheFolder({ platform: 'win32', env: { LOCALAPPDATA: 'D:\\Local' }, home: 'C:\\Users\\ada' }),
      findCacheFolder({ platform: 'win32', env: {}, home: 'C:\\Users\\ada' }),
    ],
    [
      '/home/ada/.cache/skillet',
      '/big/cache/skillet',
      '/Users/ada/Library/Caches/skillet',
      'D:\\Local\\skillet',
      'C:\\Users\\ada\\AppData\\Local\\skillet',
    ],
  );
});

test('SKILLET_CACHE goes before all of them', () => {
  for (const platform of ['linux', 'darwin'] as const) {
    assert.equal(
      findCacheFolder({ platform, env: { SKILLET_CACHE: '/mnt/x', XDG_CACHE_HOME: '/big' }, home }),
      '/mnt/x',
    );
  }
});

test('an empty or relative XDG_CACHE_HOME is ignored', () => {
  for (const XDG_CACHE_HOME of ['', 'cache']) {
    assert.equal(findCacheFolder({ platform: 'linux', env: { XDG_CACHE_HOME }, home }), '/home/ada/.cache/skillet');
  }
});
