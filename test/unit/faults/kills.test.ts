/** A few of the kills of `npm run faults`: a run is killed and resumed until it ends, with the same weights to the byte. */
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { type Kills, killChain, makeBench, TRAINER_FILE } from '../../faults/killing.ts';
import { tempFolder } from '../../fixtures/tempFolder.ts';
import { generateNumbers } from '../common/language/randomRecipe.ts';

test('killed four times at random moments, a run is readable each time and ends as if nothing had been', async (t) => {
  if (!existsSync(TRAINER_FILE)) {
    t.skip('dist/trainer.mjs is not built: npm run build');
    return;
  }
  const bench = await makeBench(tempFolder(t), 'small');
  const kills: Kills = { kills: 0, early: 0, late: 0, resumes: 0, cuts: 0, runs: 0 };
  await killChain(bench, kills, { next: generateNumbers(3), most: 4 });
});
