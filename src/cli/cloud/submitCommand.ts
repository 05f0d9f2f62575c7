/** `skillet submit`: a recipe or a script as a job of a provider's managed service. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import packageJson from '../../../package.json' with { type: 'json' };
import { type PreparedJob, prepareJob, type ScriptLanguage } from '../../cloud/prepareJob.ts';
import type { Provider } from '../../cloud/provider.ts';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import { describeJobPlan, type JobRef } from '../../common/cloud/job.ts';
import { SkilletError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import { makeJobFolder } from '../../node/jobs/jobFolder.ts';
import { findCacheFolder } from '../../node/runtime/cacheFolder.ts';
import { fetchDatasetHere } from '../datasetHere.ts';
import { machineHere } from '../engineHere.ts';
import { printable } from '../table.ts';
import { toParams } from '../trainCommand.ts';
import { EXIT } from '../usage.ts';
import { followJobHere } from './followJobHere.ts';
import { openCloud } from './openCloud.ts';

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;
const options = {
  account: text,
  region: text,
  type: text,
  role: text,
  spot: flag,
  'max-hours': text,
  count: text,
  image: text,
  language: text,
  arg: texts,
  file: texts,
  param: texts,
  storage: text,
  again: flag,
  yes: flag,
  follow: flag,
  json: flag,
} as const;

type Values = ReturnType<typeof read>['values'];

const read = (args: string[]) => parseArgs({ args, allowPositionals: true, options });

const tell = (line: string) => process.stderr.write(`${printable(line)}\n`);
const print = (line: string) => process.stdout.write(`${printable(line)}\n`);

/** @param trainerFile The trainer's bundle, which goes along with a recipe. */
export async function submitCommand(args: string[], modules: ProviderModules, trainerFile: string): Promise<number> {
  const { values, positionals } = read(args);
  const [named = '', file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw usage('recipe or script', 'one is needed, after the provider.', 'Write skillet submit aws my.recipe.yaml.');
  }
  const role = needed('--role', values.role, 'the ARN of the role that the job works with');
  const instanceType = needed('--type', values.type, 'a kind of machine, such as ml.g5.xlarge');
  const provider = openCloud(modules, {
    provider: named,
    ...(values.account === undefined ? {} : { account: values.account }),
  });
  const region = values.region ?? (await provider.defaultRegion());
  const source = path.resolve(file);
  if (!existsSync(source) || !statSync(source).isFile()) {
    throw new SkilletError('cloud-job', file, { message: 'is not there, or no file.', remedy: 'Check the path.' });
  }
  const prepared = await prepareJob(
    {
      file: source,
      ...(values.param === undefined ? {} : { overrides: { params: toParams('--param', values.param) } }),
      ...(values.language === undefined ? {} : { language: toLanguage(values.language) }),
      ...(values.arg === undefined ? {} : { args: values.arg }),
      ...(values.file === undefined ? {} : { files: values.file }),
    },
    { region, instanceType, role, ...toTerms(values) },
    {
      ...{ trainerFile, version: packageJson.version, cacheFolder: findCacheFolder(machineHere()) },
      prepareDataset: async (name) => {
        await fetchDatasetHere(name, { isQuiet: values.json === true });
      },
    },
  );
  try {
    return await submit(provider, { values, source, prepared });
  } finally {
    await prepared.dispose();
  }
}

interface Submission {
  readonly values: Values;
  readonly source: string;
  readonly prepared: PreparedJob;
}

async function submit(provider: Provider, submission: Submission): Promise<number> {
  const { values, prepared, source } = submission;
  const { bundle, request } = prepared;
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  let job: JobRef;
  try {
    tell(`${bundle.fileCount} files, ${formatBytes(bundle.bytes)}, go along.`);
    if (bundle.leftOut.length > 0) {
      tell(`Left out, as they look like secrets: ${bundle.leftOut.join(', ')}. Name files with --file to take them.`);
    }
    const types = await provider.jobTypes(request.region, stop.signal);
    const perHourUsd = types.find(({ instanceType }) => instanceType === request.instanceType)?.perHourUsd ?? null;
    const plan = describeJobPlan({ ...request, isSpot: request.spot !== null, perHourUsd });
    if (!(await agree(plan, `${bundle.name} in ${request.region}`, { values, stop }))) {
      tell('Nothing was submitted.');
      return EXIT.refused;
    }
    job = await provider.submit({ ...request, tell }, stop.signal);
  } catch (error) {
    if (stop.signal.aborted && (error as Error).name === 'AbortError') {
      tell('Cancelled: no job was made.');
      return EXIT.interrupted;
    }
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
  }
  return afterwards(provider, { job, source, prepared, values });
}

/** Says which job it is and how to look at it, or follows it. */
async function afterwards(provider: Provider, submission: Submission & { readonly job: JobRef }): Promise<number> {
  const { job, source, prepared, values } = submission;
  const { program } = prepared.request;
  if (values.json === true && values.follow !== true) {
    print(JSON.stringify({ ...job, url: provider.jobUrl(job) }));
    return EXIT.completed;
  }
  if (values.json !== true) {
    const where = `${job.id} --region ${job.region}${values.account === undefined ? '' : ` --account ${values.account}`}`;
    print(`Job ${job.id} in ${job.region}`);
    print(`  follow   skillet job collect ${where} --follow`);
    print(`  log      skillet job log ${where}`);
    print(`  stop     skillet job stop ${where}`);
    print(`  console  ${provider.jobUrl(job)}`);
  }
  if (values.follow !== true) {
    return EXIT.completed;
  }
  const recipe =
    program.type === 'recipe' ? await readFile(path.join(prepared.bundle.folder, 'run/recipe.yaml'), 'utf8') : null;
  const folder = await makeJobFolder({ job, name: prepared.bundle.name, file: source, recipe, now: new Date() });
  return followJobHere({ provider, job, folder, isRecipe: recipe !== null, isJson: values.json === true });
}

function toTerms(values: Values) {
  return {
    isSpot: values.spot === true,
    maximumSeconds: Math.round(toNumber('--max-hours', values['max-hours'] ?? '1') * 3600),
    count: toNumber('--count', values.count ?? '1'),
    ...(values.image === undefined ? {} : { image: values.image }),
    ...(values.storage === undefined ? {} : { storage: values.storage }),
    ...(values.again === true ? { again: new Date().toISOString() } : {}),
  };
}

/** What costs money is agreed to by a person: here, or by `--yes`. */
async function agree(
  plan: string,
  what: string,
  { values, stop }: { readonly values: Values; readonly stop: AbortController },
): Promise<boolean> {
  if (values.yes === true) {
    tell(plan);
    return true;
  }
  if (values.json === true || process.stdin.isTTY !== true || process.stdout.isTTY !== true) {
    throw usage(
      'skillet submit',
      `costs money, and there is no terminal to ask on. ${plan}`,
      'Add --yes to agree to it.',
    );
  }
  print(plan);
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  asking.once('SIGINT', () => stop.abort());
  try {
    return /^y(es)?$/i.test((await asking.question(`Submit ${what}? [y/N] `, { signal: stop.signal })).trim());
  } finally {
    asking.close();
  }
}

function usage(where: string, message: string, remedy: string): SkilletError {
  return new SkilletError('cli-usage', where, { message, remedy });
}

function needed(option: string, value: string | undefined, meaning: string): string {
  if (value === undefined || value === '') {
    throw usage(option, 'is missing.', `Give ${meaning}.`);
  }
  return value;
}

function toNumber(option: string, words: string): number {
  const value = Number(words);
  if (!(Number.isFinite(value) && value > 0)) {
    throw usage(option, `"${words}" is no number above zero.`, `Write ${option} 2, for example.`);
  }
  return value;
}

function toLanguage(name: string): ScriptLanguage {
  if (name === 'python' || name === 'r' || name === 'shell') {
    return name;
  }
  throw usage('--language', `is ${name}.`, 'Choose one of python, r, shell.');
}
