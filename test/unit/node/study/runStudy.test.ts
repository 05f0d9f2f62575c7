/** Studies in real processes: trials, successive halving, failures, and what kills leave behind. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type ParsedRecipe, parseRecipe } from '../../../../src/common/recipe/parse.ts';
import type { RunEvent } from '../../../../src/common/run/events.ts';
import type { StudyEvent } from '../../../../src/common/study/studyEvents.ts';
import { listStudies } from '../../../../src/node/study/listStudies.ts';
import { sendStudyControl } from '../../../../src/node/study/sendStudyControl.ts';
import { endProcess, exists } from '../../../fixtures/processes.ts';
import { beginStudy, type TestStudy, tear, trialOf, tunedRecipe } from '../../../fixtures/studies.ts';
import { waitFor } from '../../../fixtures/tempFolder.ts';

const RATES = 'params: { rate: { double: [0.0001, 0.05], scale: log } }';
/** Long enough to be met in the middle. */
const LONG = { epochs: 400 };

const trialEnds = (events: readonly StudyEvent[]) => events.filter((event) => event.type === 'trialEnd');
const paramsOf = (study: TestStudy) => study.state().trials.map(({ params }) => params);
const valuesOf = (study: TestStudy) => study.state().trials.map(({ value }) => value);

/** The trainer of a trial, once it has trained so far. */
async function underWay(study: TestStudy, trial: number, epoch = 40): Promise<number> {
  await waitFor(`epoch ${epoch} of trial ${trial}`, () =>
    study.runEvents(trial).some((event) => event.type === 'epochEnd' && event.epoch >= epoch),
  );
  return pidOf(study.runEvents(trial));
}

const pidOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'launch' ? event.pid : [])).at(-1) ?? 0;

async function kill(...pids: number[]): Promise<void> {
  pids.forEach(endProcess);
  await waitFor('the processes to be gone', () => !pids.some(exists));
}

test('a study trains its trials as runs beside each other and names the best', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 5\nparallel: 2\n${RATES}`));
  if (study === null) {
    return;
  }
  const end = await study.ended();
  const events = study.events();
  assert.deepEqual([end.status, end.message], ['completed', '5 trials done.']);
  assert.deepEqual(
    events.slice(0, 3).map(({ type }) => type),
    ['studyLaunch', 'studyStart', 'trialStart'],
  );
  const ends = trialEnds(events);
  assert.deepEqual(ends.map(({ trial }) => trial).sort(), [1, 2, 3, 4, 5]);
  assert.ok(ends.every(({ status, epochs, durationMs }) => status === 'completed' && epochs === 5 && durationMs > 0));
  const best = ends.toSorted((a, b) => Number(a.value) - Number(b.value))[0];
  assert.equal(end.best, best?.trial);
  for (const { trial, value } of ends) {
    const run: readonly RunEvent[] = study.runEvents(trial);
    const last = run.findLast((event) => event.type === 'epochEnd');
    assert.equal(value, last?.type === 'epochEnd' ? last.metrics.val_rmse : null);
    const { recipe }: ParsedRecipe = parseRecipe(
      readFileSync(path.join(trialOf(study.folder, trial), 'recipe.yaml'), 'utf8'),
    );
    assert.deepEqual([recipe?.params.rate, recipe?.tune], [paramsOf(study)[trial - 1]?.rate, undefined]);
  }
  const [summary] = await listStudies(path.dirname(study.folder));
  assert.deepEqual(
    [summary?.status, summary?.trialsDone, summary?.best?.trial, summary?.name],
    ['completed', 5, end.best, 'Tiny'],
  );
});

test('never do more trials run than may', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 5\nparallel: 2\n${RATES}`));
  if (study === null) {
    return;
  }
  await study.ended();
  let running = 0;
  let most = 0;
  for (const { type } of study.events()) {
    running += type === 'trialStart' ? 1 : type === 'trialEnd' ? -1 : 0;
    most = Math.max(most, running);
  }
  assert.equal(most, 2);
});

test('what is killed at once, study and trainer, goes on from the checkpoint and comes to the same results', async (t) => {
  const text = tunedRecipe(`trials: 3\nparallel: 1\n${RATES}`, LONG);
  const [whole, broken] = [await beginStudy(t, text), await beginStudy(t, text)];
  if (whole === null || broken === null) {
    return;
  }
  const trainer = await underWay(broken, 2);
  await kill(broken.pid, trainer);
  const before = broken.events();
  tear(path.join(broken.folder, 'study.jsonl'));
  await broken.resume();
  assert.equal((await broken.ended()).status, 'completed');
  await whole.ended();
  assert.deepEqual(broken.events().slice(0, before.length), before, 'what was written stays');
  assert.deepEqual([paramsOf(broken), valuesOf(broken)], [paramsOf(whole), valuesOf(whole)]);
  const resumes = broken.runEvents(2).filter((event) => event.type === 'runResume');
  assert.ok(
    resumes.length === 1 && resumes[0]?.type === 'runResume' && resumes[0].epoch >= 20,
    JSON.stringify(resumes),
  );
  assert.equal(broken.runEvents(1).filter(({ type }) => type === 'launch').length, 1, 'the finished trial is kept');
});

test('trainers that outlive their study are followed when it is resumed, not started twice', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 2\nparallel: 2\n${RATES}`, { epochs: 800 }));
  if (study === null) {
    return;
  }
  const trainers = [await underWay(study, 1), await underWay(study, 2)];
  await kill(study.pid);
  assert.ok(trainers.every(exists), 'trainers do not end with their study');
  await study.resume();
  assert.equal((await study.ended()).status, 'completed');
  const launches = [1, 2].map((trial) => study.runEvents(trial).filter(({ type }) => type === 'launch').length);
  assert.deepEqual(launches, [1, 1]);
  assert.deepEqual(
    study.state().trials.map(({ status, epochs }) => [status, epochs]),
    [
      ['completed', 800],
      ['completed', 800],
    ],
  );
});

test('a trainer that a killed study had started, but not written down, is followed and no other is started beside it', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 1\nparallel: 1\n${RATES}`, LONG));
  if (study === null) {
    return;
  }
  const trainer = await underWay(study, 1);
  endProcess(study.pid);
  await waitFor('the end of the process', () => !exists(study.pid));
  rmSync(path.join(trialOf(study.folder, 1), 'trainer.pid'));
  await study.resume();
  assert.equal((await study.ended()).status, 'completed');
  const launches = study.runEvents(1).filter((event) => event.type === 'launch');
  assert.deepEqual(
    launches.map(({ pid }) => pid),
    [trainer],
  );
});

test('a trial that came to its end while nobody looked is taken as it is', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 2\nparallel: 1\n${RATES}`, { epochs: 200 }));
  if (study === null) {
    return;
  }
  await underWay(study, 1);
  await kill(study.pid);
  await waitFor('the end of the run', () => study.runEvents(1).some(({ type }) => type === 'runEnd'));
  await study.resume();
  assert.equal((await study.ended()).status, 'completed');
  assert.equal(study.runEvents(1).filter(({ type }) => type === 'launch').length, 1);
});

test('a trainer that is killed is started again from its checkpoint; killed twice, its trial has failed and the study goes on', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 2\nparallel: 1\n${RATES}`, { epochs: 600 }));
  if (study === null) {
    return;
  }
  const first = await underWay(study, 1);
  await kill(first);
  const second = await waitFor('the next trainer', () => {
    const pid = pidOf(study.runEvents(1));
    return pid === first ? null : pid;
  });
  await waitFor('it to go on', () => study.runEvents(1).some(({ type }) => type === 'runResume'));
  await kill(second);
  assert.equal((await study.ended()).status, 'completed');
  const [one, two] = study.state().trials;
  assert.deepEqual([one?.status, one?.value, two?.status], ['failed', null, 'completed']);
  assert.match(one?.message ?? '', /^The trainer ended without a word/);
  assert.equal(study.state().best, 2);
});

test('with halving a few go on from where they were, and end as if they had never waited', async (t) => {
  const halving = 'halving: { minEpochs: 2, factor: 2 }';
  const study = await beginStudy(t, tunedRecipe(`trials: 6\nparallel: 2\n${RATES}\n${halving}`, { epochs: 8 }));
  if (study === null) {
    return;
  }
  const end = await study.ended();
  const { trials, start } = study.state();
  assert.deepEqual(start?.halving, { rungs: [2, 4], factor: 2 });
  assert.equal(end.status, 'completed');
  const completed = trials.filter(({ status }) => status === 'completed');
  const halted = trials.filter(({ status }) => status === 'halted');
  assert.ok(completed.length >= 1 && completed.length <= 3 && completed.length + halted.length === 6);
  assert.ok(halted.every(({ epochs, rungs }) => epochs === rungs.at(-1)?.epoch && epochs < 8));
  const winner = completed[0];
  assert.ok(winner !== undefined);
  const resumes = study.runEvents(winner.number).flatMap((event) => (event.type === 'runResume' ? event.epoch : []));
  assert.deepEqual(resumes, [2, 4]);
  const grid = `algorithm: grid\nparams: { rate: { discrete: [${winner.params.rate}] } }`;
  const straight = await beginStudy(t, tunedRecipe(grid, { epochs: 8 }));
  await straight?.ended();
  assert.deepEqual(valuesOf(straight as TestStudy), [winner.value], 'the same to the last digit');
});

test('a study with halving that is killed goes on: waiting trials still wait, and the results are the same', async (t) => {
  const tune = `trials: 5\nparallel: 1\n${RATES}\nhalving: { minEpochs: 60, factor: 2 }`;
  const text = tunedRecipe(tune, { epochs: 240 });
  const [whole, broken] = [await beginStudy(t, text), await beginStudy(t, text)];
  if (whole === null || broken === null) {
    return;
  }
  await waitFor('two at the rung', () => broken.events().filter(({ type }) => type === 'trialRung').length >= 2);
  await kill(broken.pid, ...broken.trainerPids());
  await broken.resume();
  await Promise.all([broken.ended(), whole.ended()]);
  const outcome = (study: TestStudy) =>
    study.state().trials.map(({ params, rungs, status, value }) => ({ params, rungs, status, value }));
  assert.deepEqual(outcome(broken), outcome(whole));
});

test('a failed trial is recorded and the study goes on; its neighbours count', async (t) => {
  const study = await beginStudy(
    t,
    tunedRecipe('algorithm: grid\nparallel: 1\nparams: { rate: { discrete: [0.01, 1e20, 0.02] } }'),
  );
  if (study === null) {
    return;
  }
  const end = await study.ended();
  assert.deepEqual([end.status, end.message], ['completed', '3 trials done, 1 failed.']);
  const failed = study.state().trials[2];
  assert.deepEqual([failed?.status, failed?.value], ['failed', null]);
  assert.match(failed?.message ?? '', /became NaN or infinite/);
});

test('three failures in a row of the same kind end the study with the reason', async (t) => {
  const rates = '[1e20, 1e21, 1e22, 1e23, 1e24]';
  const study = await beginStudy(
    t,
    tunedRecipe(`algorithm: grid\nparallel: 1\nparams: { rate: { categorical: ${rates} } }`),
  );
  if (study === null) {
    return;
  }
  const end = await study.ended();
  assert.deepEqual([end.status, end.best, study.state().trials.length], ['failed', null, 3]);
  assert.match(end.message, /^3 trials in a row failed in the same way \(run-not-finite\)\. The last one: .*NaN/);
});

test('data that vanishes fails the trials by name, and the study ends', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 6\nparallel: 1\n${RATES}`, LONG));
  if (study === null) {
    return;
  }
  await underWay(study, 1);
  rmSync(path.join(path.dirname(study.recipeFile), 'tiny.csv'));
  const end = await study.ended();
  assert.equal(end.status, 'failed');
  assert.match(end.message, /data-not-found/);
  assert.equal(study.state().trials[0]?.status, 'completed');
});

test('a stop ends the trials with their checkpoints, and the study goes on from there', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 3\nparallel: 2\n${RATES}`, { epochs: 600 }));
  if (study === null) {
    return;
  }
  await underWay(study, 2);
  await sendStudyControl(study.folder, 'stop', new Date());
  const end = await study.ended();
  assert.deepEqual([end.status, end.message], ['stopped', 'Stopped by you after 0 of 3 trials.']);
  assert.deepEqual(
    study.state().trials.map(({ status, message }) => [status, message]),
    [
      ['stopped', 'Stopped with the study.'],
      ['stopped', 'Stopped with the study.'],
    ],
  );
  await study.resume();
  assert.equal((await study.ended()).status, 'completed');
  assert.deepEqual(
    study.state().trials.map(({ status, epochs }) => [status, epochs]),
    [1, 2, 3].map(() => ['completed', 600]),
  );
  assert.ok(study.runEvents(1).some((event) => event.type === 'runResume' && event.epoch > 0));
});

test('a pause holds all trials until they may go on', async (t) => {
  const study = await beginStudy(t, tunedRecipe(`trials: 2\nparallel: 2\n${RATES}`, { epochs: 600 }));
  if (study === null) {
    return;
  }
  await underWay(study, 2);
  await sendStudyControl(study.folder, 'pause', new Date());
  const isPaused = (trial: number) => {
    const last = study.runEvents(trial).findLast((event) => event.type === 'state' || event.type === 'runEnd');
    return last?.type === 'state' && last.state === 'paused';
  };
  await waitFor('both to pause', () => isPaused(1) && isPaused(2));
  assert.equal(study.state().end, null);
  await sendStudyControl(study.folder, 'resume', new Date());
  assert.equal((await study.ended()).status, 'completed');
});
