/** `npm run faults -- --kills 300 --seed 1`: kills trainers and studies at random moments until so many kills are done. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generateNumbers } from '../unit/common/language/randomRecipe.ts';
import { type Kills, killChain, makeBench, TRAINER_FILE } from './killing.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    trainer: { type: 'string', default: TRAINER_FILE },
  },
});
if (!existsSync(values.trainer)) {
  console.error(`${values.trainer} is not built: npm run build`);
  process.exit(2);
}
const folder = mkdtempSync(path.join(tmpdir(), 'skillet-faults-'));
const kills: Kills = { kills: 0, early: 0, late: 0, resumes: 0, cuts: 0, runs: 0 };
const next = generateNumbers(Number(values.seed));
const startMs = performance.now();
try {
  const benches = [
    await makeBench(folder, 'small', values.trainer),
    await makeBench(folder, 'large', values.trainer),
  ] as const;
  while (kills.kills < Number(values.kills)) {
    await killChain(next() < 0.6 ? benches[0] : benches[1], kills, { next, most: 1 + Math.floor(next() * 12) });
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    console.log(`${kills.kills} kills in ${seconds} s: ${JSON.stringify(kills)}`);
  }
  rmSync(folder, { recursive: true, force: true });
} catch (error) {
  console.error(error);
  console.error(`Seed ${values.seed}; the folders are kept in ${folder}.`);
  process.exitCode = 1;
}
