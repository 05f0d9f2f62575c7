/** Settings that a folder must not be able to change. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

test('what is loaded and where it is fetched from is the machine’s, not the workspace’s', () => {
  const file = path.resolve(import.meta.dirname, '../../package.json');
  const { properties } = JSON.parse(readFileSync(file, 'utf8')).contributes.configuration;
  for (const name of ['skillet.tensorflowPath', 'skillet.packageIndex', 'skillet.datasetMirror']) {
    assert.equal(properties[name]?.scope, 'machine', name);
  }
});
