/** Turns zod's issues about a recipe into problems that name the field, the value and the remedy. */
import type { z } from 'zod';
import type { ErrorCode } from '../errorCodes.ts';
import type { Problem } from '../errors.ts';
import { didYouMean } from './didYouMean.ts';
import { type FieldKeys, formatPath, valueAt } from './fieldPath.ts';
import { type JsonSchema, keysAt } from './jsonSchema.ts';

type Issue = z.core.$ZodIssue;
type Keys = (string | number)[];

/**
 * @param issues What zod said.
 * @param raw The recipe as plain values, parameters filled in.
 * @param schema The recipe language, to look up the keys that are allowed.
 */
export function issueProblems(issues: readonly Issue[], raw: unknown, schema: JsonSchema): Problem[] {
  const leaves = issues.flatMap((issue) => leafIssues(issue, []));
  const problems = leaves.flatMap((leaf) => describe(leaf, raw, schema));
  // A misspelt key explains the missing one beside it better than a second line would.
  const meant = new Set(leaves.flatMap(({ issue, keys }) => misspelt(issue, keys, schema)));
  return problems.filter((problem) => problem.code !== 'recipe-missing-key' || !meant.has(problem.path));
}

/** Paths of the keys that unknown keys were probably meant to be. */
function misspelt(issue: Issue, keys: Keys, schema: JsonSchema): string[] {
  if (issue.code !== 'unrecognized_keys') {
    return [];
  }
  const allowed = keysAt(schema, keys);
  return issue.keys.flatMap((key) => didYouMean(key, allowed) ?? []).map((key) => formatPath([...keys, key]));
}

interface Leaf {
  readonly issue: Issue;
  readonly keys: Keys;
  /** The kinds of value that would do, where a union takes several and the value is none of them. */
  readonly kinds?: readonly string[];
}

function leafIssues(issue: Issue, base: FieldKeys): Leaf[] {
  const keys = [...base, ...(issue.path as Keys)];
  if (issue.code !== 'invalid_union') {
    return [{ issue, keys }];
  }
  const branches = [...issue.errors].sort((a, b) => distance(a) - distance(b));
  const best = branches[0] ?? [];
  const kinds = issue.errors.flatMap(([only, ...others]) =>
    only?.code === 'invalid_type' && only.path.length === 0 && others.length === 0 ? only.expected : [],
  );
  if (kinds.length === issue.errors.length && best[0] !== undefined) {
    return [{ issue: best[0], keys, kinds: [...new Set(kinds)] }];
  }
  const leaves = best.flatMap((inner) => leafIssues(inner, keys));
  const saysUnknownKey = best.some((inner) => inner.code === 'unrecognized_keys');
  return saysUnknownKey ? leaves.filter((leaf) => leaf.issue.code !== 'custom') : leaves;
}

/** How far a value is from an alternative: the wrong kind of value is further than the wrong word, and that than wrong settings. */
function distance(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.path.length > 0) {
      return sum + 1;
    }
    return sum + (issue.code === 'invalid_type' ? 100 : issue.code === 'invalid_value' ? 50 : 1);
  }, 0);
}

function describe({ issue, keys, kinds }: Leaf, raw: unknown, schema: JsonSchema): Problem[] {
  const path = formatPath(keys) || 'recipe';
  const value = valueAt(raw, keys);
  const problem = (code: ErrorCode, message: string, remedy: string): Problem[] => [{ code, path, message, remedy }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, keys, schema));
    case 'invalid_type':
      if (keys.length === 0 && (value === null || value === undefined)) {
        return problem(
          'recipe-missing-key',
          'is empty.',
          'Write name, data, model and train; the Boston housing recipe is an example.',
        );
      }
      return [wrongType(keys, (kinds ?? [issue.expected]).map(inWords).join(' or '), value, schema)];
    case 'invalid_value': {
      const words = issue.values.map(String);
      const guess = typeof value === 'string' ? didYouMean(value, words) : null;
      return problem(
        value === undefined ? 'recipe-missing-key' : 'recipe-bad-choice',
        value === undefined ? 'is missing.' : `${quote(value)} is not one of the words allowed here.`,
        `${guess === null ? '' : `Did you mean ${guess}? `}Allowed: ${words.join(', ')}.`,
      );
    }
    case 'too_small':
      return problem(
        'recipe-out-of-range',
        `${quote(value)} is too small.`,
        `Use ${bound(issue.inclusive, issue.origin, 'at least', 'more than', issue.minimum)}.`,
      );
    case 'too_big':
      return problem(
        'recipe-out-of-range',
        `${quote(value)} is too large.`,
        `Use ${bound(issue.inclusive, issue.origin, 'at most', 'less than', issue.maximum)}.`,
      );
    default:
      return problem(
        'recipe-out-of-range',
        `${quote(value)} cannot be used: ${lowerFirst(issue.message)}.`,
        remedyOf(issue) ?? 'Change the value.',
      );
  }
}

function wrongType(keys: Keys, wanted: string, value: unknown, schema: JsonSchema): Problem {
  const path = formatPath(keys) || 'recipe';
  if (value === undefined) {
    return { code: 'recipe-missing-key', path, message: 'is missing.', remedy: `Add ${wanted} here.` };
  }
  const message = `${quote(value)} is ${kindOf(value)} where ${wanted} belongs.`;
  const isBareWord = typeof value === 'string' && keysAt(schema, keys).includes(value);
  const remedy = isBareWord ? `Write it with its settings: { ${value}: { … } }.` : `Write ${wanted}.`;
  return { code: 'recipe-wrong-type', path, message, remedy };
}

/** A check of our own can say what to do instead. */
function remedyOf(issue: Issue): string | null {
  const remedy: unknown = issue.code === 'custom' ? issue.params?.remedy : undefined;
  return typeof remedy === 'string' ? remedy : null;
}

function unknownKey(key: string, keys: Keys, schema: JsonSchema): Problem {
  const allowed = keysAt(schema, keys);
  const guess = didYouMean(key, allowed);
  const owner = keys.length === 0 ? 'a recipe' : keys.findLast((part) => typeof part === 'string');
  const near = guess === null ? '' : `Did you mean ${guess}? `;
  return {
    code: 'recipe-unknown-key',
    path: formatPath([...keys, key]),
    message: `${quote(key)} is not a setting of ${owner}.`,
    remedy: `${near}Allowed: ${allowed.join(', ')}.`,
  };
}

function bound(
  inclusive: boolean | undefined,
  origin: string,
  closed: string,
  open: string,
  limit: number | bigint,
): string {
  const items = origin === 'array' || origin === 'set' ? ' entries' : origin === 'string' ? ' letters' : '';
  return `${inclusive === false ? open : closed} ${limit}${items}`;
}

function inWords(expected: string): string {
  const words: Record<string, string> = {
    int: 'a whole number',
    number: 'a number',
    string: 'text',
    boolean: 'true or false',
    object: 'a group of settings',
    array: 'a list',
    record: 'a group of names and values',
    tuple: 'a list',
  };
  return words[expected] ?? expected;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return 'empty';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  const words: Record<string, string> = {
    string: 'text',
    number: 'a number',
    boolean: 'true or false',
    object: 'a group of settings',
  };
  return words[typeof value] ?? typeof value;
}

/** A value as it stands in the file, cut when long. */
function quote(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
