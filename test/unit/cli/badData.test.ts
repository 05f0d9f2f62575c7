/** Data and settings that a recipe's words allow but a training does not: code, sentence and exit code. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { cliFile, runCli } from '../../fixtures/cliProcess.ts';
import { TINY_CSV, TINY_RECIPE, writeTiny } from '../../fixtures/runFolders.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';

interface Fault {
  readonly recipe?: string;
  readonly csv?: string;
  readonly args?: readonly string[];
  /** 2 unless given. */
  readonly code?: number;
  readonly says: RegExp;
}

function spoiled(text: string, piece: string, replacement: string): string {
  assert.ok(text.includes(piece), piece);
  return text.replace(piece, () => replacement);
}

const FAULTS: Record<string, Fault> = {
  'a ragged row': { csv: spoiled(TINY_CSV, '\n3,', '\n3,3,'), says: /\(data-ragged\)/ },
  'no rows': { csv: 'a,b,y\n', says: /\(data-empty\)/ },
  'nothing in the file': { csv: '', says: /\(data-empty\)/ },
  'no target column': { csv: spoiled(TINY_CSV, 'a,b,y', 'a,b,z'), says: /data\.target.*\(data-unknown-column\)/ },
  'an empty field': { csv: spoiled(TINY_CSV, '\n3,', '\n,'), says: /\(data-missing-value\)/ },
  'more test rows than rows': {
    recipe: spoiled(TINY_RECIPE, 'rows: 8', 'rows: 41'),
    says: /41.*40.*\(data-split\)/,
  },
  'runs that cannot be written': { args: ['--out', 'tiny.csv/runs'], says: /\(run-folder\)/ },
  'a loss that explodes': {
    recipe: spoiled(TINY_RECIPE, 'learningRate: 0.01', 'learningRate: 1e30'),
    code: 1,
    says: /model\[\d\]\.dense.*\(run-not-finite\)/,
  },
};

async function check(t: TestContext, { recipe, csv, args = [], code = 2, says }: Fault): Promise<void> {
  if (!existsSync(cliFile)) {
    t.skip('dist/cli.mjs is not built: npm run build');
    return;
  }
  const folder = tempFolder(t);
  writeTiny(folder, recipe, csv);
  const finished = await runCli(t, folder, 'train', 'tiny.recipe.yaml', ...args);
  const said = finished.stdout + finished.stderr;
  assert.equal(finished.code, code, said);
  assert.match(said, says);
}

for (const [what, fault] of Object.entries(FAULTS)) {
  test(`${what} ends with code ${fault.code ?? 2} and says so`, (t) => check(t, fault));
}
