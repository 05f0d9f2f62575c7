/** The command line as people run it: exit codes, texts, and the run folders it leaves. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as nodeTest, type TestContext } from 'node:test';
import type { RunSummary } from '../../../src/common/run/runSummary.ts';
import { cliFile, eventsText, runCli, runFolders, startCli, trainerPids } from '../../fixtures/cliProcess.ts';
import { endProcess } from '../../fixtures/processes.ts';
import { TINY_CSV, TINY_RECIPE, writeTiny } from '../../fixtures/runFolders.ts';
import { tempFolder, waitFor } from '../../fixtures/tempFolder.ts';

const NEVER_DONE = ['--epochs', '1000000'];

/** A test with a folder of its own that holds `tiny.recipe.yaml` and its data. */
function test(name: string, body: (t: TestContext, folder: string) => Promise<void>): void {
  nodeTest(name, async (t) => {
    if (!existsSync(cliFile)) {
      t.skip('dist/cli.mjs is not built: npm run build');
      return;
    }
    const folder = tempFolder(t);
    writeTiny(folder);
    await body(t, folder);
  });
}

function onlyRun(folder: string): string {
  const [run, ...more] = runFolders(folder);
  assert.ok(run !== undefined && more.length === 0, `not one run but ${more.length + 1}`);
  return run;
}

/** The run folder, once a few epochs are written. */
async function underWay(folder: string, epochs = 3): Promise<string> {
  return waitFor('a few epochs', () =>
    runFolders(folder).find((run) => eventsText(run).includes(`"type":"epochEnd","epoch":${epochs},`)),
  );
}

test('training ends with code 0, the result and the run folder', async (t, folder) => {
  const { code, stdout, stderr } = await runCli(t, folder, 'train', 'tiny.recipe.yaml');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^Tiny {3}seed 1 {3}units 4\n/);
  assert.match(stdout, /\n {2}the network +\d/);
  assert.match(stdout, /Finished after 3 epochs\.\nRun folder: \.skillet\/runs\/\d{8}-\d{6}-tiny\n$/);
  assert.ok(readdirSync(onlyRun(folder)).includes('model'));
});

test('a forecast is printed behind the result, and again by show', async (t, folder) => {
  const months = Array.from(
    { length: 24 },
    (_, i) => `${2024 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')},${i}`,
  );
  writeFileSync(path.join(folder, 'series.csv'), `month,y\n${months.join('\n')}\n`);
  const recipe = {
    name: 'Series',
    data: { csv: 'series.csv', target: 'y', time: 'month', sequences: { length: 4, train: 4 }, forecast: { steps: 2 } },
    model: [{ simpleRNN: { units: 2, returnSequences: true } }, { dense: { units: 1 } }],
    train: { loss: 'meanSquaredError', epochs: 2, device: 'js' },
  };
  writeFileSync(path.join(folder, 'series.recipe.yaml'), JSON.stringify(recipe));
  const { code, stdout } = await runCli(t, folder, 'train', 'series.recipe.yaml');
  assert.equal(code, 0);
  const told = stdout.slice(stdout.indexOf('\nForecast of y\n'), stdout.indexOf('\nFinished'));
  assert.match(told, /\n {2}2025-06 +17\.00 +-?\d+\.\d\d +-?\d+\.\d\d\n/);
  assert.match(told, /\n {2}2026-02 +-?\d+\.\d\d\n/);
  assert.match(told, /\nLinear regression does better: RMSE .* against \d+\.\d+\.$/);
  const shown = await runCli(t, folder, 'show', onlyRun(folder));
  assert.ok(shown.stdout.includes(told));
});

test('--json prints the events of the run, line by line as they are in its file', async (t, folder) => {
  const { code, stdout } = await runCli(t, folder, 'train', 'tiny.recipe.yaml', '--json');
  assert.equal(code, 0);
  assert.equal(stdout, eventsText(onlyRun(folder)));
  assert.match(stdout, /^\{"type":"launch".*\n\{"type":"runStart"/);
});

test('--quiet prints nothing when all goes well', async (t, folder) => {
  const finished = await runCli(t, folder, 'train', 'tiny.recipe.yaml', '--quiet');
  assert.deepEqual(finished, { code: 0, stdout: '', stderr: '' });
});

test('--param, --epochs and --seed change the run, and leave the recipe alone', async (t, folder) => {
  const args = ['--param', 'units=6', '--epochs', '2', '--seed', '9'];
  const { stdout } = await runCli(t, folder, 'train', 'tiny.recipe.yaml', '--json', ...args);
  const start = JSON.parse(stdout.split('\n')[1] ?? '');
  assert.deepEqual([start.params, start.epochs, start.seed], [{ units: 6 }, 2, 9]);
  assert.equal(stdout.match(/"type":"epochEnd"/g)?.length, 2);
  assert.equal(readFileSync(path.join(folder, 'tiny.recipe.yaml'), 'utf8'), TINY_RECIPE);
});

test('the same seed gives the same losses to the bit, another seed other ones', async (t, folder) => {
  const lossesWith = async (seed: string) => {
    const { stdout } = await runCli(t, folder, 'train', 'tiny.recipe.yaml', '--json', '--seed', seed);
    return stdout.split('\n').flatMap((line) => (line.includes('"type":"epochEnd"') ? JSON.parse(line).metrics : []));
  };
  const [first, again, other] = [await lossesWith('4'), await lossesWith('4'), await lossesWith('5')];
  assert.equal(first.length, 3);
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
});

test('--run-dir names the folder itself, and a second run does not go over the first', async (t, folder) => {
  const train = () => runCli(t, folder, 'train', 'tiny.recipe.yaml', '--quiet', '--run-dir', 'out/here');
  assert.equal((await train()).code, 0);
  const written = readFileSync(path.join(folder, 'out/here/events.jsonl'), 'utf8');
  const second = await train();
  assert.equal(second.code, 2);
  assert.match(second.stderr, /is there already and not empty\..*\(run-folder\)/);
  assert.equal(readFileSync(path.join(folder, 'out/here/events.jsonl'), 'utf8'), written);
});

test('a wrong command, option or value is refused with code 2 and says what is wrong', async (t, folder) => {
  const cases: [string[], RegExp][] = [
    [['trian'], /trian: is no command\./],
    [['constructor'], /constructor: is no command\./],
    [['train', 'tiny.recipe.yaml', '--epoch', '3'], /--epoch/],
    [['train', 'tiny.recipe.yaml', '--epochs', 'ten'], /--epochs: "ten" is no whole number/],
    [['train', 'tiny.recipe.yaml', '--epochs', '0'], /train\.epochs/],
    [['train', 'tiny.recipe.yaml', '--param', 'units'], /--param: "units" has no name and value/],
    [['train', 'tiny.recipe.yaml', '--param', 'unit=3'], /Did you mean units\?/],
    [['train'], /no recipe is named/],
    [['train', 'a.recipe.yaml', 'b.recipe.yaml'], /one recipe at a time/],
    [['train', 'gone.recipe.yaml'], /gone\.recipe\.yaml does not exist/],
    [['resume', '.'], /it is no run, or has not begun/],
    [['stop', '.'], /is no run, or has not begun/],
    [['show', '.'], /is no run/],
    [['runs', 'gone'], /cannot be read/],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await runCli(t, folder, ...args);
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\(internal\)|\n {4}at /, 'no bug, no stack');
  }
  assert.deepEqual(runFolders(folder), []);
});

test('a recipe that cannot be trained is refused with file, line and column, and no run is made', async (t, folder) => {
  writeTiny(folder, TINY_RECIPE.replace('loss: meanSquaredError', 'loss: mse').replace('units: 1', 'unit: 1'));
  const { code, stderr } = await runCli(t, folder, 'train', 'tiny.recipe.yaml');
  assert.equal(code, 2);
  const [first = '', second = ''] = stderr.split('\n');
  assert.match(first, /^tiny\.recipe\.yaml:10:14 model\[1\]\.dense\.unit: /);
  assert.match(second, /^tiny\.recipe\.yaml:12:9 train\.loss: .*mse.*\(recipe-bad-choice\)$/);
  assert.deepEqual(runFolders(folder), []);
});

test('a CSV that is not there is refused where the recipe names it', async (t, folder) => {
  writeTiny(folder, TINY_RECIPE.replace('tiny.csv', 'gone.csv'));
  const { code, stderr } = await runCli(t, folder, 'train', 'tiny.recipe.yaml');
  assert.equal(code, 2);
  assert.match(stderr, /^tiny\.recipe\.yaml:4:8 data\.csv: "gone\.csv" is not there/);
});

test('text in a number column is refused with its row and column', async (t, folder) => {
  const rows = TINY_CSV.split('\n');
  rows[5] = `many,${rows[5]?.split(',').slice(1).join(',')}`;
  writeTiny(folder, TINY_RECIPE, rows.join('\n'));
  for (const format of [[], ['--quiet']]) {
    const { code, stdout, stderr } = await runCli(t, folder, 'train', 'tiny.recipe.yaml', ...format);
    assert.equal(code, 2);
    assert.match(stdout + stderr, /many/);
    assert.match(stdout + stderr, /\(data-not-a-number\)/);
    assert.match(stdout + stderr, /column a: Row 5 has "many" where a number belongs/);
  }
});

test('a recipe cannot make the terminal obey it', async (t, folder) => {
  writeTiny(folder, TINY_RECIPE.replace('name: Tiny', 'name: Tiny\n"evil\\e]0;owned\\a": 1'));
  for (const command of ['train', 'check']) {
    const { code, stdout, stderr } = await runCli(t, folder, command, 'tiny.recipe.yaml');
    assert.equal(code, 2);
    assert.match(stdout + stderr, /owned/);
    assert.ok(!(stdout + stderr).includes('\u001b') && !(stdout + stderr).includes('\u0007'), command);
  }
});

test('check says that nothing is wrong with 0, and what is with 2, and makes no run', async (t, folder) => {
  const good = await runCli(t, folder, 'check', 'tiny.recipe.yaml');
  assert.deepEqual(good, { code: 0, stdout: 'tiny.recipe.yaml: Tiny, 2 layers, nothing is wrong.\n', stderr: '' });
  writeTiny(folder, TINY_RECIPE.replace('units: 1', 'units: 0'));
  const bad = await runCli(t, folder, 'check', 'tiny.recipe.yaml');
  assert.equal(bad.code, 2);
  assert.match(bad.stdout, /^tiny\.recipe\.yaml:10:\d+ model\[1\]\.dense\.units: /);
  const json = await runCli(t, folder, 'check', 'tiny.recipe.yaml', '--json');
  assert.deepEqual(
    JSON.parse(json.stdout).map((problem: { code: string; path: string }) => [problem.code, problem.path]),
    [['recipe-out-of-range', 'model[1].dense.units']],
  );
  assert.deepEqual(runFolders(folder), []);
});

test('runs lists the runs, and show tells one again', async (t, folder) => {
  assert.match((await runCli(t, folder, 'runs')).stdout, /^No runs in /);
  const trained = await runCli(t, folder, 'train', 'tiny.recipe.yaml');
  const runFolder = onlyRun(folder);
  const [summary, ...more]: RunSummary[] = JSON.parse((await runCli(t, folder, 'runs', '--json')).stdout);
  assert.deepEqual(
    [summary?.runFolder, summary?.status, summary?.epochsDone, summary?.seed, more.length],
    [runFolder, 'completed', 3, 1, 0],
  );
  const table = (await runCli(t, folder, 'runs')).stdout.trimEnd().split('\n');
  assert.equal(table.length, 2);
  assert.match(table[1] ?? '', / Tiny +completed +3\/3 +rmse \d.* js +\.skillet\/runs\//);
  const shown = await runCli(t, folder, 'show', runFolder);
  assert.equal(shown.code, 0);
  const withoutProgress = trained.stdout.split('\n').filter((line) => !/^(epoch |Run folder)/.test(line));
  const lines = shown.stdout.split('\n');
  const layers = lines.findIndex((line) => line.startsWith('layers after '));
  const ends = withoutProgress.length - 1; // Behind the last line break.
  assert.deepEqual(lines.slice(0, layers), withoutProgress.slice(0, ends + 1));
  assert.match(lines[layers] ?? '', /^layers after epoch \d/);
  assert.match(lines.slice(layers + 1).join('\n'), /^layer .*\ndense1 .*\ndense2 /);
  const { diagnoses, ...told } = JSON.parse((await runCli(t, folder, 'show', runFolder, '--json')).stdout);
  assert.deepEqual(told, summary);
  assert.ok(Array.isArray(diagnoses));
});

test('Ctrl+C stops the run politely with code 3, and it can be resumed', async (t, folder) => {
  if (process.platform === 'win32') {
    t.skip('Windows cannot send Ctrl+C to one process');
    return;
  }
  const { child, finished } = startCli(t, folder, 'train', 'tiny.recipe.yaml', ...NEVER_DONE);
  const runFolder = await underWay(folder);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await finished;
  assert.equal(code, 3);
  assert.match(stderr, /Stopping at the next step/);
  assert.match(stdout, /Stopped by you after \d+ epochs/);
  assert.equal(readdirSync(path.join(runFolder, 'checkpoints')).length > 0, true);

  const again = startCli(t, folder, 'resume', runFolder);
  await waitFor('the resumption', () => eventsText(runFolder).includes('"type":"runResume"'));
  again.child.kill('SIGINT');
  const resumed = await again.finished;
  assert.equal(resumed.code, 3);
  assert.match(resumed.stdout, /^Resumed after epoch \d+ on js\n/, 'the past is not told again');
});

test('a second Ctrl+C leaves the run going, and skillet stop ends it', async (t, folder) => {
  if (process.platform === 'win32') {
    t.skip('Windows cannot send Ctrl+C to one process');
    return;
  }
  const { child, finished } = startCli(t, folder, 'train', 'tiny.recipe.yaml', ...NEVER_DONE);
  const runFolder = await underWay(folder);
  const [pid] = trainerPids(folder);
  assert.ok(pid !== undefined, 'the run has ended already');
  process.kill(pid, 'SIGSTOP'); // It cannot obey the first one before the second comes.
  child.kill('SIGINT');
  await waitFor('the first Ctrl+C', () => readFileSync(path.join(runFolder, 'control.jsonl'), 'utf8') !== '');
  child.kill('SIGINT');
  const { code, stderr } = await finished;
  assert.equal(code, 130);
  assert.match(stderr, /The run goes on in /);
  process.kill(pid, 'SIGCONT');
  await waitFor('the polite stop', () => eventsText(runFolder).includes('"status":"stopped"'));
});

test('when the reader of a pipe leaves, the command ends without a word and the run goes on', async (t, folder) => {
  const { child, finished } = startCli(t, folder, 'train', 'tiny.recipe.yaml', '--json', ...NEVER_DONE);
  const runFolder = await underWay(folder);
  child.stdout?.destroy();
  const { code, stderr } = await finished;
  assert.deepEqual([code, stderr], [130, '']);
  const size = eventsText(runFolder).length;
  await waitFor('more events', () => eventsText(runFolder).length > size);
  assert.equal((await runCli(t, folder, 'stop', runFolder)).code, 0);
  await waitFor('the polite stop', () => eventsText(runFolder).includes('"status":"stopped"'));
});

test('--detach returns at once with the run folder; pause, continue and stop are obeyed', async (t, folder) => {
  const { code, stdout } = await runCli(t, folder, 'train', 'tiny.recipe.yaml', '--detach', ...NEVER_DONE);
  assert.equal(code, 0);
  const runFolder = stdout.trimEnd();
  assert.equal(runFolder, onlyRun(folder));
  await underWay(folder);
  const told = (what: string) => waitFor(what, () => eventsText(runFolder).includes(what));
  assert.equal((await runCli(t, folder, 'pause', runFolder)).code, 0);
  await told('"state":"paused"');
  assert.match((await runCli(t, folder, 'runs')).stdout, / paused /);
  assert.equal((await runCli(t, folder, 'continue', runFolder)).code, 0);
  await told('"state":"running"');
  const early = await runCli(t, folder, 'resume', runFolder);
  assert.deepEqual([early.code, /it is still training/.test(early.stderr)], [2, true]);
  assert.equal((await runCli(t, folder, 'stop', runFolder)).code, 0);
  await told('"type":"runEnd"');
  assert.match((await runCli(t, folder, 'stop', runFolder)).stderr, /has ended \(stopped\)/);
});

test('a trainer that is killed gives code 1 and the way to go on, and that way leads to the end', async (t, folder) => {
  const epochs = 1000;
  writeTiny(folder, TINY_RECIPE.replace('seed: 1', 'seed: 1\n  checkpoint: { everyEpochs: 5 }'));
  const { finished } = startCli(t, folder, 'train', 'tiny.recipe.yaml', '--epochs', String(epochs));
  const runFolder = await underWay(folder);
  await waitFor('a checkpoint', () => eventsText(runFolder).includes('"type":"checkpoint"'));
  const [pid] = trainerPids(folder);
  assert.ok(pid !== undefined, 'the run has ended already');
  endProcess(pid);
  const { code, stderr } = await finished;
  assert.equal(code, 1);
  assert.match(stderr, /The trainer ended without a word \(trainer-died\)/);
  assert.ok(stderr.includes(`skillet resume ${runFolder}`), stderr);
  assert.match((await runCli(t, folder, 'runs')).stdout, / interrupted /);

  const resumed = await runCli(t, folder, 'resume', runFolder);
  assert.deepEqual([resumed.code, resumed.stderr], [0, '']);
  assert.match(resumed.stdout, /^Resumed after epoch \d*[05] on js\n/);
  assert.match(resumed.stdout, new RegExp(`Finished after ${epochs} epochs`));
  const again = await runCli(t, folder, 'resume', runFolder);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /it has trained to its end/);
});

test('help and version are told without a run', async (t, folder) => {
  const help = await runCli(t, folder);
  assert.equal(help.code, 0);
  for (const command of [
    'train',
    'resume',
    'stop',
    'pause',
    'continue',
    'runs',
    'annotate',
    'delete',
    'show',
    'check',
    'new',
    'setup',
  ]) {
    assert.match(help.stdout, new RegExp(`\\n  ${command} `));
    assert.match((await runCli(t, folder, command, '--help')).stdout, new RegExp(`^skillet ${command} `));
  }
  assert.match((await runCli(t, folder, '--version')).stdout, /^\d+\.\d+\.\d+\n$/);
});
