/** `npm run faults -- --kills 300 --seed 1`: kills trainers and studies at random moments until so many kills are done. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generateNumbers } from '../unit/common/language/randomRecipe.ts';
import { type Kills, killChain, makeBench, TRAINER_FILE } from './killing.ts';
import { killStudy, makeStudyBench, type StudyKills } from './killStudies.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    trainer: { type: 'string', default: TRAINER_FILE },
    studies: { type: 'boolean', default: false },
  },
});
if (!existsSync(values.trainer)) {
  console.error(`${values.trainer} is not built: npm run build`);
  process.exit(2);
}
const folder = mkdtempSync(path.join(tmpdir(), 'skillet-faults-'));
const next = generateNumbers(Number(values.seed));
const startMs = performance.now();
try {
  await (values.studies ? killStudies() : killTrainers());
  rmSync(folder, { recursive: true, force: true });
} catch (error) {
  console.error(error);
  console.error(`Seed ${values.seed}; the folders are kept in ${folder}.`);
  process.exitCode = 1;
}

async function killTrainers(): Promise<void> {
  const kills: Kills = { kills: 0, early: 0, late: 0, resumes: 0, cuts: 0, runs: 0 };
  const small = await makeBench(folder, 'small', values.trainer);
  const large = await makeBench(folder, 'large', values.trainer);
  while (kills.kills < Number(values.kills)) {
    await killChain(next() < 0.6 ? small : large, kills, { next, most: 1 + Math.floor(next() * 12) });
    tell(kills);
  }
}

async function killStudies(): Promise<void> {
  const kills: StudyKills = { kills: 0, withTrainers: 0, late: 0, studies: 0 };
  const bench = await makeStudyBench(folder, path.dirname(path.resolve(values.trainer)));
  while (kills.kills < Number(values.kills)) {
    await killStudy(bench, kills, { next, most: 1 + Math.floor(next() * 5) });
    tell(kills);
  }
}

function tell(kills: Kills | StudyKills): void {
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  console.log(`${kills.kills} kills in ${seconds} s: ${JSON.stringify(kills)}`);
}
