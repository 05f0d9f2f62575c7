/** `skillet tune` and `skillet studies` as people run them. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import type { StudySummary } from '../../../src/node/study/listStudies.ts';
import { cliFile, runCli, startCli } from '../../fixtures/cliProcess.ts';
import { endProcess } from '../../fixtures/processes.ts';
import { writeTiny } from '../../fixtures/runFolders.ts';
import { tunedRecipe } from '../../fixtures/studies.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

const RATES = 'params: { rate: { double: [0.0001, 0.05], scale: log } }';

/** A test with a folder of its own that holds the recipe `tiny.recipe.yaml`, tuned. */
function test(name: string, recipe: string, body: (t: TestContext, folder: string) => Promise<void>): void {
  nodeTest(name, async (t) => {
    if (!existsSync(cliFile)) {
      t.skip('dist/cli.mjs is not built: npm run build');
      return;
    }
    const folder = tempFolder(t);
    writeTiny(folder, recipe);
    t.after(() => studyPids(folder).forEach(endProcess));
    await body(t, folder);
  });
}

function studyFolders(folder: string): string[] {
  const studies = path.join(folder, '.skillet/studies');
  return existsSync(studies)
    ? readdirSync(studies)
        .filter((name) => !name.startsWith('.'))
        .map((name) => path.join(studies, name))
    : [];
}

const studyText = (folder: string) =>
  studyFolders(folder)
    .map((study) => path.join(study, 'study.jsonl'))
    .filter(existsSync)
    .map((file) => readFileSync(file, 'utf8'))
    .join('');

/** Studies and trainers that are not known to have ended. */
function studyPids(folder: string): number[] {
  const isOver = studyText(folder).trimEnd().split('\n').at(-1)?.includes('"type":"studyEnd"');
  const trainers = studyFolders(folder).flatMap((study) =>
    readdirSync(path.join(study, 'trials'))
      .map((trial) => path.join(study, 'trials', trial, 'trainer.pid'))
      .filter(existsSync)
      .map((file) => Number(readFileSync(file, 'utf8'))),
  );
  const studies = [...studyText(folder).matchAll(/"type":"studyLaunch".*?"pid":(\d+)/g)].map((match) =>
    Number(match[1]),
  );
  return isOver ? [] : [...studies, ...trainers];
}

test(
  'a study shows each trial, the best, and the command that trains it',
  tunedRecipe(`trials: 3\n${RATES}`),
  async (t, folder) => {
    const { code, stdout, stderr } = await runCli(t, folder, 'tune', 'tiny.recipe.yaml', '--parallel', '1');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^Tiny: minimize val_rmse {3}bayesian, seed 0, 3 trials, 1 at a time\n\ntrial +rate +val_rmse {2}state\n/,
    );
    assert.equal(stdout.match(/ {2}done, 5 epochs\n/g)?.length, 3);
    assert.match(stdout, /\n3 trials done\.\nBest: trial \d, val_rmse [\d.e+-]+ {3}rate [\d.e+-]+\n/);
    const command = /Train it: skillet (train .*)\n/.exec(stdout)?.[1] ?? '';
    const again = await runCli(t, folder, ...command.split(' '), '--json');
    assert.equal(again.code, 0, again.stderr);
    const best = Number(/Best: trial \d, val_rmse (\S+)/.exec(stdout)?.[1]);
    const last = again.stdout.split('\n').findLast((line) => line.includes('"type":"epochEnd"')) ?? '{}';
    assert.ok(Math.abs(JSON.parse(last).metrics.val_rmse / best - 1) < 1e-3, 'what is told is what that command gives');
  },
);

test(
  '--json prints the events of the study, and --trials and --seed are obeyed',
  tunedRecipe(`trials: 9\n${RATES}`),
  async (t, folder) => {
    const { code, stdout } = await runCli(
      t,
      folder,
      'tune',
      'tiny.recipe.yaml',
      '--json',
      '--trials',
      '2',
      '--seed',
      '7',
    );
    assert.equal(code, 0);
    assert.equal(stdout, studyText(folder));
    const start = JSON.parse(stdout.split('\n')[1] ?? '');
    assert.deepEqual([start.type, start.trials, start.seed], ['studyStart', 2, 7]);
    const listed = JSON.parse((await runCli(t, folder, 'studies', '--json')).stdout) as StudySummary[];
    assert.deepEqual(
      listed.map(({ name, status, trialsDone, trials }) => [name, status, trialsDone, trials]),
      [['Tiny', 'completed', 2, 2]],
    );
    assert.match((await runCli(t, folder, 'studies')).stdout, /^ *age .*\n.*Tiny +completed +2\/2 +val_rmse/);
    const [study = ''] = studyFolders(folder);
    const shown = await runCli(t, folder, 'show', path.relative(folder, study));
    assert.match(
      shown.stdout,
      /^Tiny: minimize val_rmse .*\n\ntrial .*val_rmse {2}state\n {4}\d .*done.*\n {4}\d .*done.*\n\n2 trials done\.\nBest: /,
    );
  },
);

test(
  'Ctrl+C stops gently with code 3, and --resume goes on to the end',
  tunedRecipe(`trials: 2\nparallel: 1\n${RATES}`, { epochs: 500 }),
  async (t, folder) => {
    const cli = startCli(t, folder, 'tune', 'tiny.recipe.yaml');
    await waitFor('a trial', () => studyText(folder).includes('"type":"trialStart"'));
    cli.child.kill('SIGINT');
    const { code, stdout, stderr } = await cli.finished;
    assert.equal(code, 3, stderr);
    assert.match(stderr, /Stopping: trials end at their next step/);
    const resume = /Go on with: skillet (tune --resume .*)\n/.exec(stdout)?.[1] ?? '';
    const resumed = await runCli(t, folder, ...resume.split(' '));
    assert.deepEqual([resumed.code, resumed.stderr], [0, '']);
    assert.match(resumed.stdout, /\n2 trials done\.\n/);
    const again = await runCli(t, folder, ...resume.split(' '));
    assert.deepEqual([again.code, again.stdout], [2, '']);
    assert.match(again.stderr, /all its trials are done.*\(study-not-resumable\)/);
  },
);

test(
  'a detached study is stopped by its folder',
  tunedRecipe(`trials: 2\nparallel: 1\n${RATES}`, { epochs: 100000 }),
  async (t, folder) => {
    const { code, stdout } = await runCli(t, folder, 'tune', 'tiny.recipe.yaml', '--detach');
    assert.equal(code, 0);
    const study = stdout.trim();
    await waitFor('a trial', () => studyText(folder).includes('"type":"trialStart"'));
    const busy = await runCli(t, folder, 'tune', '--resume', study);
    assert.match(busy.stderr, /it is still at work/);
    assert.equal((await runCli(t, folder, 'stop', study)).code, 0);
    await waitFor('the end', () => studyText(folder).includes('"type":"studyEnd","status":"stopped"'));
    const late = await runCli(t, folder, 'stop', study);
    assert.match(late.stderr, /is not at work \(stopped\)/);
  },
);

const digits = `name: Tiny classes
params: { dense_units1: 12, dropout1: 0.3, dense_units2: 12, dropout2: 0.3 }
data: { csv: tiny.csv, target: y, categorical: [y] }
model:
  - dense: { units: $dense_units1, activation: relu }
  - dropout: { rate: $dropout1 }
  - dense: { units: $dense_units2, activation: relu }
  - dropout: { rate: $dropout2 }
  - dense: { units: 2, activation: softmax }
train: { loss: categoricalCrossentropy, metrics: [accuracy], epochs: 2, validationSplit: 0.2, device: js }
`;

test(
  "the book's cloudml_tuning.yml runs here as it stands, and what is for the cloud is kept",
  digits,
  async (t, folder) => {
    const book = readFileSync(path.resolve(import.meta.dirname, '../../../recipes/cloudml_tuning.yml'), 'utf8');
    writeFileSync(path.join(folder, 'cloudml_tuning.yml'), book);
    const rows = Array.from({ length: 40 }, (_, row) => `${row % 5},${row % 3},${row % 5 > 2 ? 'high' : 'low'}`);
    writeFileSync(path.join(folder, 'tiny.csv'), `a,b,y\n${rows.join('\n')}\n`);
    const { code, stdout, stderr } = await runCli(
      t,
      folder,
      'tune',
      'tiny.recipe.yaml',
      '--config',
      'cloudml_tuning.yml',
    );
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /Note: acc is taken as val_accuracy.*\nNote: For the cloud.*scaleTier CUSTOM, masterType standard_gpu/,
    );
    assert.match(stdout, /maximize val_accuracy {3}bayesian, seed 0, 10 trials, 2 at a time/);
    assert.equal(stdout.match(/ {2}done, 2 epochs\n/g)?.length, 10);
    assert.equal(readFileSync(path.join(studyFolders(folder)[0] ?? '', 'cloudml_tuning.yml'), 'utf8'), book);
  },
);

const PLAIN = tunedRecipe(RATES).replace(/tune:[\s\S]*$/, '');

/** Arguments → what is printed to standard error. */
const REFUSED: [name: string, args: string[], says: RegExp][] = [
  [
    'a recipe without tune',
    ['tiny.recipe.yaml'],
    /tiny\.recipe\.yaml.* tune: is missing: nothing says what to search.*--config/,
  ],
  ['no recipe', [], /no recipe is named/],
  ['trials that are no number', ['tiny.recipe.yaml', '--trials', 'many'], /--trials: "many" is no whole number/],
  [
    'a cloud file that is not there',
    ['tiny.recipe.yaml', '--config', 'no.yml'],
    /no\.yml: cannot be read.*\(tuning-file\)/,
  ],
  ['a folder that is no study', ['--resume', '.'], /is no study.*\(study-unreadable\)/],
  ['other options beside --resume', ['--resume', '.', '--trials', '3'], /--trials: cannot be given beside --resume/],
];

for (const [name, args, says] of REFUSED) {
  test(`refused with code 2, and nothing is made: ${name}`, PLAIN, async (t, folder) => {
    const { code, stderr } = await runCli(t, folder, 'tune', ...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
    assert.deepEqual(studyFolders(folder), []);
  });
}

test(
  'a tune: that is wrong is refused by its line',
  tunedRecipe('trials: 0\nparams: { rat: { double: [1, 2] } }'),
  async (t, folder) => {
    const { code, stderr } = await runCli(t, folder, 'tune', 'tiny.recipe.yaml');
    assert.equal(code, 2);
    assert.match(stderr, /^tiny\.recipe\.yaml:2\d:\d+ tune\.trials: 0 is too small/);
  },
);
