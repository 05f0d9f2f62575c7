/** The commands of the Jobs view. */
import path from 'node:path';
import * as vscode from 'vscode';
import { isJobOver, type Job, type JobRef } from '../../../common/cloud/job.ts';
import { SkilletError, toProblem } from '../../../common/errors.ts';
import { RECIPE_GLOB } from '../../../common/recipe/recipeFile.ts';
import { RUN_FILES, RUNS_FOLDER } from '../../../common/run/runFolder.ts';
import { findJobFolder, readJobRecord } from '../../../node/jobs/jobFolder.ts';
import { tellProblems } from '../../tellProblems.ts';
import type { JobAccount } from './jobAccount.ts';
import type { JobFollowers } from './jobFollowers.ts';
import type { JobLogs } from './jobLogs.ts';
import type { SubmitParts } from './submitJob.ts';

export interface JobCommandParts extends SubmitParts {
  readonly followers: JobFollowers;
  readonly logs: JobLogs;
}

const ASK_MS = 30_000;

export function createJobCommands(parts: JobCommandParts): vscode.Disposable {
  const { account, logs, output } = parts;
  const commands: Record<string, (target?: unknown) => unknown> = {
    'skillet.submitJob': (target) => submit(parts, target),
    'skillet.followJob': async (target) => {
      const job = await jobOf(account, target);
      return job && follow(parts, job, await folderOf(job));
    },
    'skillet.showJobLog': async (target) => {
      const job = await jobOf(account, target);
      return job && logs.open(job);
    },
    'skillet.stopJob': (target) => stop(account, target),
    'skillet.passStopOn': (target) => passStopOn(parts, target),
    'skillet.openJobInConsole': async (target) => {
      const job = await jobOf(account, target);
      return job && vscode.env.openExternal(vscode.Uri.parse(account.provider().jobUrl(job)));
    },
    'skillet.copyJobName': async (target) => {
      const job = await jobOf(account, target);
      return job && vscode.env.clipboard.writeText(job.resourceName ?? job.id);
    },
    'skillet.refreshJobs': () => (account.isThere() ? account.list()?.refresh() : undefined),
    'skillet.showOlderJobs': (target) => (isRegionTarget(target) ? account.list()?.more(target.region) : undefined),
    'skillet.addJobRegion': () => addRegion(account),
  };
  const guarded = Object.entries(commands).map(([id, run]) =>
    vscode.commands.registerCommand(id, (target?: unknown) =>
      Promise.resolve()
        .then(() => run(target))
        .catch((error: unknown) => tell(error, output)),
    ),
  );
  return vscode.Disposable.from(...guarded);
}

async function tell(error: unknown, output: vscode.LogOutputChannel): Promise<null> {
  const { RefusedRecipe } = await import('../../../node/createRun.ts');
  if (error instanceof RefusedRecipe) {
    tellProblems(error.problems);
    return null;
  }
  const { code, path: where, message, remedy } = toProblem(error, 'job');
  output.error(code === 'internal' ? String((error as Error).stack) : `${where}: ${message}`);
  // Not awaited: the message stays until somebody answers it.
  void vscode.window.showErrorMessage(`${where}: ${message} ${remedy}`);
  return null;
}

async function submit(parts: JobCommandParts, target: unknown): Promise<string | null> {
  const { account } = parts;
  if (!account.isThere()) {
    void vscode.window.showInformationMessage(
      'There is nothing to sign in to AWS with on this computer: run `aws configure` or `aws configure sso`, then try again.',
    );
    return null;
  }
  const { submitJob } = await import('./submitJob.ts');
  const submitted = await submitJob(parts, fileOf(target));
  if (submitted === null) {
    return null;
  }
  await account.addRegion(submitted.job.region);
  void follow(parts, submitted.job, submitted.folder).catch((error: unknown) => tell(error, parts.output));
  return submitted.job.id;
}

function fileOf(target: unknown): vscode.Uri | null {
  if (target instanceof vscode.Uri) {
    return target;
  }
  const recipe = typeof target === 'object' && target !== null && 'recipe' in target ? target.recipe : null;
  return recipe === null ? null : (recipe as { readonly uri: vscode.Uri }).uri;
}

/** A recipe's run opens in its panel, as one that trains here; of a script the log. */
async function follow({ followers, logs, account }: JobCommandParts, job: JobRef, folder: string): Promise<void> {
  const first = followers.follow(job, folder);
  const record = await readJobRecord(folder);
  const isRun = await exists(path.join(folder, RUN_FILES.recipe));
  void account.list()?.refresh();
  if (!isRun) {
    await first;
    await logs.open(job);
    return;
  }
  await vscode.commands.executeCommand('skillet.refreshRuns');
  const run = { runFolder: folder, recipeFile: record?.file ?? null };
  await vscode.commands.executeCommand('skillet.openRun', { run });
}

async function exists(file: string): Promise<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.file(file)).then(
    () => true,
    () => false,
  );
}

/** Where it is brought to already, else beside the recipe of its name, else into the workspace. */
async function folderOf(job: Job): Promise<string> {
  const recipes = await vscode.workspace.findFiles(RECIPE_GLOB, '{**/node_modules/**,**/.skillet/**}', 1000);
  const folders = [...new Set(recipes.map(({ fsPath }) => path.dirname(fsPath)))];
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const parents = [...folders, ...roots].flatMap((folder) => [
    path.join(folder, RUNS_FOLDER),
    path.join(folder, '.skillet/jobs'),
  ]);
  const known = await findJobFolder(job, parents);
  if (known !== null) {
    return known;
  }
  const [root] = roots;
  if (root === undefined) {
    throw new Error('Open a folder first: the job is brought into it.');
  }
  return path.join(root, '.skillet/jobs', job.id);
}

async function stop(account: JobAccount, target: unknown): Promise<void> {
  const job = await jobOf(account, target);
  if (job === null) {
    return;
  }
  const detail = 'What it has written so far stays, and its machine is paid for until it is off: two minutes at most.';
  const question = `Stop the job ${job.name} (${job.id}) in ${job.region}?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Stop')) === 'Stop') {
    await account.provider().cancel(job, AbortSignal.timeout(ASK_MS));
    await account.list()?.refresh();
  }
}

/** Of a run's Stop: whoever follows a job brings it there, also in a window that has been opened anew since. */
function passStopOn({ account, followers }: JobCommandParts, target: unknown): Promise<void> {
  const { job, folder } = target as { readonly job: JobRef; readonly folder: string };
  if (!account.isThere()) {
    throw new SkilletError('cloud-credentials', job.id, {
      message: 'The job was not stopped: there is nothing to sign in with on this computer.',
      remedy: 'Sign in and stop it again, or stop it in the console of its provider: it goes on costing.',
    });
  }
  return followers.follow(job, folder);
}

async function addRegion(account: JobAccount): Promise<void> {
  if (!account.isThere()) {
    return;
  }
  const regions = await account.provider().regions(AbortSignal.timeout(ASK_MS));
  const items = regions.map(({ name, title }) => ({ label: name, description: title }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Jobs', placeHolder: "Which region's jobs, too?" });
  if (picked !== undefined) {
    await account.addRegion(picked.label);
  }
}

const isRegionTarget = (target: unknown): target is { readonly region: string } =>
  typeof target === 'object' && target !== null && 'region' in target && typeof target.region === 'string';

const isJobTarget = (target: unknown): target is { readonly job: Job } =>
  typeof target === 'object' && target !== null && 'job' in target;

/** The one that a row hands over; from the palette one of those that are listed. */
async function jobOf(account: JobAccount, target: unknown): Promise<Job | null> {
  if (isJobTarget(target)) {
    return target.job;
  }
  if (!account.isThere()) {
    return null;
  }
  if (account.list() === null) {
    account.show();
  }
  await account.list()?.refresh();
  const jobs = (account.list()?.regions() ?? []).flatMap((region) => region.jobs);
  if (jobs.length === 0) {
    void vscode.window.showInformationMessage('There is no job yet: run Submit as Job.');
    return null;
  }
  const items = jobs.map((job) => ({
    label: job.name,
    description: `${job.state} · ${job.region}`,
    detail: job.id,
    job,
  }));
  items.sort((a, b) => Number(isJobOver(a.job.state)) - Number(isJobOver(b.job.state)));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which job?', matchOnDetail: true }))?.job ?? null;
}
