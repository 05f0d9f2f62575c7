/** Files made from the sources are fresh: `node scripts/generate.mjs` writes them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { generatedFiles } from '../../../src/common/generated.ts';

const root = path.resolve(import.meta.dirname, '../../..');

for (const [file, text] of Object.entries(generatedFiles())) {
  test(`${file} is what the sources say`, () => {
    assert.equal(readFileSync(path.join(root, file), 'utf8'), text);
  });
}
