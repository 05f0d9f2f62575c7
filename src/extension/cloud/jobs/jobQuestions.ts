/** What a person is asked before a job is submitted. */
import path from 'node:path';
import * as vscode from 'vscode';
import { formatPerHour, type JobType } from '../../../common/cloud/job.ts';
import { isRecipeFile, RECIPE_GLOB } from '../../../common/recipe/recipeFile.ts';
import { activeFile } from '../../activeFile.ts';
import type { JobAccount } from './jobAccount.ts';
import { askSteps, inputStep, type PickItem, pickStep, type Step } from './steps.ts';

export interface JobAnswers {
  /** A recipe or a script. */
  readonly file: vscode.Uri;
  readonly region: string;
  readonly instanceType: string;
  readonly isSpot: boolean;
  readonly role: string;
  readonly hours: number;
}

const LAST = 'skillet.jobs.last';
const SCRIPTS = '**/*.{py,R,r,sh}';
const EXCLUDED = '{**/node_modules/**,**/.skillet/**,**/.venv/**}';
const MOST_FILES = 500;
const ASK_MS = 30_000;
const ROLE = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

export interface Asking {
  readonly account: JobAccount;
  readonly memento: vscode.Memento;
  /** The recipe or script where it is known already. */
  readonly file: vscode.Uri | null;
}

/** @returns Null where a person gave up. */
export async function askForJob({ account, memento, file }: Asking): Promise<JobAnswers | null> {
  const last = memento.get<Partial<JobAnswers>>(LAST, {});
  const steps: Step<JobAnswers>[] = [
    ...(file === null ? [askFile] : []),
    askRegion(account, last),
    askType(account, last),
    askPurchase(last),
    askRole(last),
    askHours(last),
  ];
  const answers = await askSteps('Submit as Job', steps, file === null ? {} : { file });
  if (answers === null) {
    return null;
  }
  const { file: _file, ...kept } = answers;
  await memento.update(LAST, kept);
  return answers as JobAnswers;
}

const askFile: Step<JobAnswers> = async (place) => {
  const active = activeFile();
  const answer = await pickStep<vscode.Uri>(place, {
    placeholder: 'Which recipe or script?',
    items: listFiles(),
    isChosen: (uri) => uri.toString() === active?.toString(),
  });
  return wrap(answer, (file) => ({ file }));
};

async function listFiles(): Promise<PickItem<vscode.Uri>[]> {
  const [recipes, scripts] = await Promise.all(
    [RECIPE_GLOB, SCRIPTS].map((glob) => vscode.workspace.findFiles(glob, EXCLUDED, MOST_FILES)),
  );
  return [...(recipes ?? []), ...(scripts ?? [])].map((uri) => ({
    label: path.basename(uri.fsPath),
    description: vscode.workspace.asRelativePath(uri),
    iconPath: new vscode.ThemeIcon(isRecipeFile(uri.fsPath) ? 'beaker' : 'file-code'),
    value: uri,
  }));
}

const askRegion =
  (account: JobAccount, last: Partial<JobAnswers>): Step<JobAnswers> =>
  async (place) => {
    const answer = await pickStep<string>(place, {
      placeholder: 'Which region? Others can be typed',
      items: listRegions(account),
      isChosen: (name) => name === last.region,
      fromText: (text) => (/^[a-z]{2}(-[a-z]+)+-\d$/.test(text) ? text : null),
    });
    return wrap(answer, (region) => ({ region }));
  };

/** An account that may not list its regions still has those that it has used. */
async function listRegions(account: JobAccount): Promise<PickItem<string>[]> {
  const used = await account.regions();
  const all = await account
    .provider()
    .regions(AbortSignal.timeout(ASK_MS))
    .catch(() => []);
  const titles = new Map(all.map(({ name, title }) => [name, title]));
  const names = [...new Set([...used, ...titles.keys()])];
  return names.map((name) => ({ label: name, description: titles.get(name) ?? '', value: name }));
}

const askType =
  (account: JobAccount, last: Partial<JobAnswers>): Step<JobAnswers> =>
  async (place, { region = '' }) => {
    const answer = await pickStep<string>(place, {
      placeholder: 'Which machine, at which price on demand? Others can be typed',
      items: account.types(region, AbortSignal.timeout(ASK_MS)).then((types) => types.map(typeItem)),
      isChosen: (type) => type === last.instanceType,
      fromText: (text) => (/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/.test(text) ? text : null),
    });
    return wrap(answer, (instanceType) => ({ instanceType }));
  };

function typeItem({ instanceType, vcpus, memory, gpu, perHourUsd }: JobType): PickItem<string> {
  const parts = [formatPerHour(perHourUsd), gpu ?? 'no card', vcpus === null ? '' : `${vcpus} vCPUs`, memory ?? ''];
  return { label: instanceType, description: parts.filter((part) => part !== '').join(' · '), value: instanceType };
}

const askPurchase =
  (last: Partial<JobAnswers>): Step<JobAnswers> =>
  async (place) => {
    const items: PickItem<boolean>[] = [
      { label: 'On demand', description: 'begins within minutes and is not taken away', value: false },
      {
        label: 'Spot',
        description: 'costs less, may wait and be taken away; a run then goes on from its last checkpoint',
        value: true,
      },
    ];
    const placeholder = 'How is the machine bought?';
    const answer = await pickStep(place, { placeholder, items, isChosen: (isSpot) => isSpot === last.isSpot });
    return wrap(answer, (isSpot) => ({ isSpot }));
  };

const askRole =
  (last: Partial<JobAnswers>): Step<JobAnswers> =>
  async (place) => {
    const answer = await inputStep(place, {
      prompt: 'The role that the job works with: SageMaker must be allowed to assume it.',
      placeholder: 'arn:aws:iam::123456789012:role/name',
      value: last.role ?? '',
      check: (text) => (ROLE.test(text) ? null : 'Give the ARN of a role: arn:aws:iam::123456789012:role/name.'),
    });
    return wrap(answer, (role) => ({ role }));
  };

const askHours =
  (last: Partial<JobAnswers>): Step<JobAnswers> =>
  async (place) => {
    const answer = await inputStep(place, {
      prompt: 'Hours after which the job is ended, done or not.',
      placeholder: '1',
      value: String(last.hours ?? 1),
      check: (text) => (Number(text) >= 0.1 && Number(text) <= 672 ? null : 'Give a number of hours from 0.1 to 672.'),
    });
    return wrap(answer, (hours) => ({ hours: Number(hours) }));
  };

function wrap<T>(
  answer: { readonly value: T } | 'back' | undefined,
  toAnswers: (value: T) => Partial<JobAnswers>,
): { readonly value: Partial<JobAnswers> } | 'back' | undefined {
  return answer === undefined || answer === 'back' ? answer : { value: toAnswers(answer.value) };
}
