/** `skillet jobs` and `skillet job`: the jobs of an account, and what can be done with one. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { COLLECTED_FILE } from '../../cloud/collectFiles.ts';
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { formatJobCost, isJobOver, type Job, type JobRef, type JobType, jobCost } from '../../common/cloud/job.ts';
import { SkilletError } from '../../common/errors.ts';
import { formatAge, formatBytes, formatDuration } from '../../common/format.ts';
import { RUN_FILES } from '../../common/run/runFolder.ts';
import { isFreeFor } from '../../node/jobs/jobFolder.ts';
import { formatTable, printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { followJobHere } from './followJobHere.ts';
import { interruptible } from './interruptible.ts';
import { openCloud } from './openCloud.ts';

const common = { account: { type: 'string' }, region: { type: 'string' }, json: { type: 'boolean' } } as const;
const jobsOptions = { ...common, all: { type: 'boolean' } } as const;
const jobOptions = { ...common, follow: { type: 'boolean' }, to: { type: 'string' } } as const;

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

/** So many are listed unless all are asked for: each costs a request. */
const FIRST = 20;
const SECONDS = 1000;

function open(modules: ProviderModules, provider: string, account: string | undefined): Provider {
  return openCloud(modules, { provider, ...(account === undefined ? {} : { account }) });
}

export async function jobsCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: jobsOptions });
  const provider = open(modules, positionals[0] ?? '', values.account);
  const region = values.region ?? (await provider.defaultRegion());
  const limit = values.all === true ? Number.POSITIVE_INFINITY : FIRST;
  const { jobs, types, hasMore } = await interruptible((signal) => list(provider, { region, limit }, signal));
  if (values.json === true) {
    print(JSON.stringify(jobs.map((job) => ({ ...job, cost: costOf(job, types) }))));
    return EXIT.completed;
  }
  if (jobs.length === 0) {
    print(`No jobs of Skillet's in ${region}. Submit one: skillet submit ${provider.id} <recipe.yaml>`);
    return EXIT.completed;
  }
  formatTable([HEAD, ...jobs.map((job) => row(job, types))], [5, 6]).forEach(print);
  if (hasMore) {
    print(`The newest ${jobs.length}; see older ones with --all.`);
  }
  return EXIT.completed;
}

async function list(provider: Provider, { region, limit }: { region: string; limit: number }, signal: AbortSignal) {
  const jobs: Job[] = [];
  for await (const page of provider.jobs(region, signal)) {
    jobs.push(...page);
    if (jobs.length > limit) {
      break;
    }
  }
  const types = jobs.length === 0 ? [] : await provider.jobTypes(region, signal);
  return { jobs: jobs.slice(0, limit), types, hasMore: jobs.length > limit };
}

function costOf(job: Job, types: readonly JobType[]) {
  const price = types.find(({ instanceType }) => instanceType === job.instanceType)?.perHourUsd ?? null;
  return jobCost(job, price, Date.now());
}

const HEAD = ['JOB', 'STATE', 'MACHINE', 'BOUGHT', 'AGE', 'BILLED', 'COST'];

function row(job: Job, types: readonly JobType[]): string[] {
  const state = job.stage === null ? job.state : `${job.state}: ${job.stage}`;
  const machines = job.count === 1 ? job.instanceType : `${job.count} × ${job.instanceType}`;
  const age = job.createdAt === null ? '?' : formatAge(Date.now() - Date.parse(job.createdAt));
  const billed =
    job.billedSeconds === null ? (isJobOver(job.state) ? '?' : '-') : formatDuration(job.billedSeconds * SECONDS);
  return [job.id, state, machines, job.isSpot ? 'spot' : 'on demand', age, billed, formatJobCost(costOf(job, types))];
}

type Values = ReturnType<typeof readJob>['values'];
const readJob = (args: string[]) => parseArgs({ args, allowPositionals: true, options: jobOptions });

type JobVerb = (provider: Provider, job: JobRef, values: Values) => Promise<number>;

const VERBS: Readonly<Record<string, JobVerb>> = { show, log, stop, collect };

export async function jobCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = readJob(args);
  const [verb = '', ...rest] = positionals;
  const [id, ...more] = rest[0] !== undefined && modules.ids.some((one) => one === rest[0]) ? rest.slice(1) : rest;
  const act = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (act === undefined || id === undefined || more.length > 0) {
    throw new SkilletError('cli-usage', 'skillet job', {
      message: act === undefined ? `"${verb}" is nothing that a job can do.` : 'needs the name of one job.',
      remedy: `Write skillet job ${act === undefined ? Object.keys(VERBS).join('|') : verb} <job>; see skillet jobs.`,
    });
  }
  const named = rest.length > 1 ? rest[0] : modules.ids[0];
  const provider = open(modules, named ?? '', values.account);
  const region = values.region ?? (await provider.defaultRegion());
  return act(provider, { provider: provider.id, region, id }, values);
}

async function show(provider: Provider, ref: JobRef, { json }: Values): Promise<number> {
  const { job, types } = await interruptible(async (signal) => {
    const [found, prices] = await Promise.all([provider.job(ref, signal), provider.jobTypes(ref.region, signal)]);
    return { job: found, types: prices };
  });
  if (json === true) {
    print(JSON.stringify({ ...job, cost: costOf(job, types), url: provider.jobUrl(ref) }));
    return EXIT.completed;
  }
  const [, state = '', machine = '', bought = '', age = '', billed = '', cost = ''] = row(job, types);
  const lines: [string, string | null][] = [
    ['state', state],
    ['reason', job.reason],
    ['machine', `${machine}, ${bought}`],
    ['made', age],
    ['billed', `${billed}, ${cost} (machines alone)`],
    ['name', job.resourceName],
    ['console', provider.jobUrl(ref)],
  ];
  print(job.id);
  for (const [title, text] of lines) {
    if (text !== null) {
      print(`  ${title.padEnd(8)} ${text}`);
    }
  }
  return EXIT.completed;
}

const LOOK_MS = 5000;

async function log(provider: Provider, ref: JobRef, { json, follow }: Values): Promise<number> {
  return interruptible(async (signal) => {
    let cursor: string | null = null;
    for (;;) {
      // Asked before the lines, so that none that came before the end is missed.
      const { state } = await provider.job(ref, signal);
      const page = await provider.logs(ref, cursor, signal);
      cursor = page.cursor;
      for (const line of page.lines) {
        print(json === true ? JSON.stringify(line) : `${line.at}  ${line.text}`);
      }
      if (page.lines.length === 0 && (follow !== true || isJobOver(state))) {
        return EXIT.completed;
      }
      if (page.lines.length === 0) {
        await pause(signal);
      }
    }
  });
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, LOOK_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

async function stop(provider: Provider, ref: JobRef, { json }: Values): Promise<number> {
  await interruptible((signal) => provider.cancel(ref, signal));
  const text = `${ref.id} is told to stop; its machine may work for two minutes more, to save what it has.`;
  print(json === true ? JSON.stringify(ref) : text);
  return EXIT.completed;
}

async function collect(provider: Provider, ref: JobRef, { json, follow, to }: Values): Promise<number> {
  const folder = path.resolve(to ?? path.join('.skillet/jobs', ref.id));
  if (!(await isFreeFor(ref, folder, COLLECTED_FILE))) {
    throw new SkilletError('cli-usage', folder, {
      message: 'holds other files, which might be written over.',
      remedy: 'Name an empty folder with --to, or one that this job has been brought into.',
    });
  }
  if (follow === true) {
    const bytes = await interruptible((signal) => provider.collect(ref, folder, signal));
    const isRecipe = bytes > 0 && existsSync(path.join(folder, RUN_FILES.events));
    return followJobHere({ provider, job: ref, folder, isRecipe, isJson: json === true });
  }
  const bytes = await interruptible((signal) => provider.collect(ref, folder, signal));
  const what = bytes === 0 ? 'Nothing new' : formatBytes(bytes);
  print(
    json === true ? JSON.stringify({ folder, bytes }) : `${what}, in ${path.relative(process.cwd(), folder) || '.'}`,
  );
  return EXIT.completed;
}
