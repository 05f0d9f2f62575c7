/** Launch profiles as text: from a file with its places, and back to one that can be committed. */
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { issueProblems } from '../recipe/issueProblems.ts';
import type { JsonSchema } from '../recipe/jsonSchema.ts';
import { type RecipeSource, readSource } from '../recipe/source.ts';
import { type LaunchProfile, launchProfileSchema } from './launchProfile.ts';
import { checkLaunchProfile } from './launchRules.ts';
import { isFault } from './profileProblem.ts';

const LAUNCH_FILE = /\.launch\.(?:ya?ml|json)$/;

/** Whether a file is a launch profile, by its name. */
export function isLaunchFile(path: string): boolean {
  return LAUNCH_FILE.test(path);
}

export interface ParsedProfile {
  /** Null when there are faults; warnings leave it there. */
  readonly profile: LaunchProfile | null;
  /** Faults and warnings, with their places in the text. */
  readonly problems: readonly Problem[];
}

/** Never throws for bad input: whatever is wrong is in `problems`, several at once. YAML or JSON. */
export function parseLaunchProfile(text: string): ParsedProfile {
  const source = readSource(text);
  if (source.problems.length > 0) {
    return { profile: null, problems: source.problems.map((problem) => place(problem, source)) };
  }
  const parsed = launchProfileSchema.safeParse(source.value);
  const problems = parsed.success
    ? checkLaunchProfile(parsed.data)
    : issueProblems(parsed.error.issues, source.value, launchSchema());
  const hasFault = problems.some(isFault);
  return {
    profile: parsed.success && !hasFault ? parsed.data : null,
    problems: problems.map((problem) => place(problem, source)).sort(byLine),
  };
}

function place(problem: Problem, source: RecipeSource): Problem {
  const isKey = problem.code === 'recipe-unknown-key';
  const range = problem.range ?? (isKey ? source.locateKey(problem.path) : source.locate(problem.path));
  const isEmpty = problem.path === 'recipe' && problem.message === 'is empty.';
  return {
    ...problem,
    code: 'cloud-profile',
    path: problem.path === 'recipe' ? 'profile' : problem.path,
    message: problem.message.replace(/is not a setting of a recipe\.$/, 'is not a setting of a launch profile.'),
    remedy: isEmpty ? 'Write region, instanceType, image and securityGroup.' : problem.remedy,
    ...(range === null ? {} : { range }),
  };
}

function byLine(a: Problem, b: Problem): number {
  return (a.range?.line ?? 0) - (b.range?.line ?? 0) || (a.range?.column ?? 0) - (b.range?.column ?? 0);
}

/** The language of launch profiles, as JSON Schema (draft 2020-12). */
export function launchSchema(): JsonSchema {
  return { ...(z.toJSONSchema(launchProfileSchema, { io: 'input' }) as JsonSchema), title: 'Skillet launch profile' };
}

const HEAD = '# A Skillet launch profile: skillet launch aws --profile <this file>\n';

/** YAML that reads as the same profile again. It holds no secret but what somebody wrote into userData or tags. */
export function printLaunchProfile(profile: LaunchProfile): string {
  const { purchase, image, securityGroup, keyPair, ...others } = profile;
  const chosen: Readonly<Record<string, unknown>> = {
    purchase: asWritten(purchase),
    image: asWritten(image),
    securityGroup: asWritten(securityGroup),
    keyPair: asWritten(keyPair),
  };
  const all: Readonly<Record<string, unknown>> = { ...others, ...chosen };
  const written = Object.keys(launchProfileSchema.shape).flatMap((key) => (isEmpty(all[key]) ? [] : [[key, all[key]]]));
  return HEAD + stringify(Object.fromEntries(written), { lineWidth: 0, aliasDuplicateObjects: false });
}

function asWritten({ type, ...settings }: { readonly type: string }): unknown {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return given.length === 0 ? type : { [type]: Object.fromEntries(given) };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
