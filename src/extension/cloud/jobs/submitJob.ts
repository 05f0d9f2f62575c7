/** Submits a recipe or a script as a job, once a person has agreed to what it can cost. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { findEarlier } from '../../../cloud/findEarlier.ts';
import { type PreparedJob, prepareJob } from '../../../cloud/prepareJob.ts';
import { describeJobPlan, type Job, type JobRef } from '../../../common/cloud/job.ts';
import { SkilletError } from '../../../common/errors.ts';
import { formatBytes } from '../../../common/format.ts';
import { isRecipeFile } from '../../../common/recipe/recipeFile.ts';
import { makeJobFolder } from '../../../node/jobs/jobFolder.ts';
import { findCacheFolder } from '../../../node/runtime/cacheFolder.ts';
import { machineHere } from '../../machine/engineHere.ts';
import { saveOpen, untrusted } from '../../training.ts';
import type { JobAccount } from './jobAccount.ts';
import { askForJob, type JobAnswers } from './jobQuestions.ts';

export interface SubmitParts {
  readonly account: JobAccount;
  readonly memento: vscode.Memento;
  readonly output: vscode.LogOutputChannel;
  readonly version: string;
  readonly trainerFile: string;
}

export interface Submitted {
  readonly job: JobRef;
  /** Where it is brought to. */
  readonly folder: string;
}

const cancelled = new vscode.CancellationError();

/** @returns Null where a person gave up. @throws {RefusedRecipe} @throws {SkilletError} */
export async function submitJob(parts: SubmitParts, file: vscode.Uri | null): Promise<Submitted | null> {
  if (!vscode.workspace.isTrusted) {
    throw untrusted(file?.fsPath ?? 'job');
  }
  const answers = await askForJob({ ...parts, file });
  if (answers === null) {
    return null;
  }
  await saveOpen(answers.file);
  try {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Submitting job', cancellable: true },
      (progress, token) => {
        const stop = new AbortController();
        token.onCancellationRequested(() => stop.abort());
        const tell = (sentence: string) => {
          parts.output.info(sentence);
          progress.report({ message: sentence });
        };
        return prepareAndSubmit(parts, answers, { tell, signal: stop.signal });
      },
    );
  } catch (error) {
    if (error === cancelled || (error as Error).name === 'AbortError') {
      return null;
    }
    throw error;
  }
}

interface Course {
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

async function prepareAndSubmit(parts: SubmitParts, answers: JobAnswers, course: Course): Promise<Submitted> {
  course.tell('Putting the files together…');
  const { file, region, instanceType, role, isSpot, hours } = answers;
  const terms = { region, instanceType, role, isSpot, count: 1, maximumSeconds: Math.round(hours * 3600) };
  const prepare = (again: string | null) =>
    prepareJob({ file: file.fsPath }, again === null ? terms : { ...terms, again }, {
      ...{ trainerFile: parts.trainerFile, version: parts.version, cacheFolder: findCacheFolder(machineHere()) },
      prepareDataset: async (name) => {
        const { fetchDatasetInEditor } = await import('../../machine/fetchDataset.ts');
        await fetchDatasetInEditor(name, parts.output);
      },
    });
  const first = await prepare(null);
  try {
    await agree(parts.account, { prepared: first, answers }, course.signal);
    const askedAt = Date.now();
    const job = await parts.account.provider().submit({ ...first.request, tell: course.tell }, course.signal);
    const earlier = await findEarlier(parts.account.provider(), job, askedAt);
    if (earlier === null || !(await wantsAnother(earlier))) {
      return { job, folder: await folderFor(job, answers.file.fsPath, first) };
    }
  } finally {
    await first.dispose();
  }
  const second = await prepare(new Date().toISOString());
  try {
    const job = await parts.account.provider().submit({ ...second.request, tell: course.tell }, course.signal);
    return { job, folder: await folderFor(job, answers.file.fsPath, second) };
  } finally {
    await second.dispose();
  }
}

async function wantsAnother({ createdAt, state }: Job): Promise<boolean> {
  const again = 'Submit Another';
  const detail = 'Its run is shown. Another job of the same costs as much again.';
  const when = createdAt === null ? '' : `, on ${createdAt.slice(0, 16).replace('T', ' at ')} UTC`;
  const question = `The same was submitted before${when}. That job: ${state}.`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, again)) === again;
}

interface Agreement {
  readonly prepared: PreparedJob;
  readonly answers: JobAnswers;
}

/** @throws `cancelled` where a person does not agree. */
async function agree(account: JobAccount, { prepared, answers }: Agreement, signal: AbortSignal): Promise<void> {
  const { bundle, request } = prepared;
  const types = await account.types(request.region, signal);
  const perHourUsd = types.find(({ instanceType }) => instanceType === request.instanceType)?.perHourUsd ?? null;
  const plan = describeJobPlan({ ...request, isSpot: request.spot !== null, perHourUsd });
  const leftOut =
    bundle.leftOut.length === 0 ? '' : ` Left out, as they look like secrets: ${bundle.leftOut.join(', ')}.`;
  const detail = `${plan}\n\n${bundle.fileCount} files, ${formatBytes(bundle.bytes)}, are uploaded.${leftOut}`;
  const question = `Submit ${path.basename(answers.file.fsPath)} as a training job in ${request.region}?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Submit')) !== 'Submit') {
    throw cancelled;
  }
}

/** @throws {SkilletError} `cloud-file`: the job is there, though it has no folder here. */
async function folderFor(job: JobRef, file: string, { bundle }: PreparedJob): Promise<string> {
  try {
    const recipe = isRecipeFile(file) ? await readFile(path.join(bundle.folder, 'run/recipe.yaml'), 'utf8') : null;
    return await makeJobFolder({ job, name: bundle.name, file, recipe, now: new Date() });
  } catch (error) {
    throw new SkilletError('cloud-file', job.id, {
      message: `The job is submitted and costs, but it has no folder here: ${(error as Error).message}`,
      remedy: `Mend that and click the job in the Jobs view (${job.region}), or stop it there.`,
    });
  }
}
