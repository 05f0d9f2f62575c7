/**
 * The little language that runs are filtered in: words to look for, `field op value`, `is:starred`, `-` for "not",
 * `or` between groups, commas between values that are as good as each other.
 */
import { SkilletError } from '../errors.ts';
import { didYouMean } from '../recipe/didYouMean.ts';
import { compileComparison, isOperator, type Operator } from './runComparison.ts';
import { isRunField, paramField, RUN_FIELDS, runFieldValue } from './runFields.ts';
import { type RunSummary, recipeLabel, runFolderName } from './runSummary.ts';

export interface RunFilter {
  /** As it was typed, without space around it. */
  readonly text: string;
  /** Whether archived runs are asked for, so that they are not left out. */
  readonly asksArchived: boolean;
  matches(run: RunSummary, now: number): boolean;
}

/** What fields there are beside those of every run, so that a misspelt one can be told; any word is one without. */
export interface KnownNames {
  readonly params: readonly string[];
  readonly metrics: readonly string[];
}

type Match = RunFilter['matches'];

/** Other names that people give to fields. */
const ALIASES: Readonly<Record<string, string>> = {
  tag: 'tags',
  star: 'starred',
  epoch: 'epochs',
  time: 'duration',
  date: 'started',
  value: 'result',
};
const WORDS_OF_IS = ['starred', 'archived', 'live', 'better', 'worse', 'tagged', 'noted'] as const;

const FIELD = String.raw`(?:"(?<quotedField>(?:[^"\\]|\\.)*)"|(?<field>[\p{L}_$][\p{L}\p{N}_.$-]*?))`;
const VALUE = String.raw`(?<value>(?:"(?:[^"\\]|\\.)*"|[^\s",][^\s,]*)(?:,(?:"(?:[^"\\]|\\.)*"|[^\s",][^\s,]*))*)?`;
const COMPARISON = new RegExp(
  String.raw`(?<not>-|not\s+)?${FIELD}\s*(?<op><=|>=|!=|==|=|<|>|:)\s*${VALUE}(?=\s|$)`,
  'uy',
);
const WORD = /(?<not>-|not\s+)?(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<word>\S+))/uy;

/**
 * @param known Of the runs that will be filtered.
 * @throws {SkilletError} `run-filter`, with the field that is wrong as its path.
 */
export function parseRunFilter(text: string, known: KnownNames | null = null): RunFilter {
  const groups: Match[][] = [[]];
  let asksArchived = false;
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const comparison = matchAt(COMPARISON, text, at);
    const word = comparison ?? matchAt(WORD, text, at);
    if (word === null) {
      throw wrong('filter', `a quotation mark is not closed in ${text.slice(at)}.`, 'Close it with another one.');
    }
    const parts = word.groups ?? {};
    if (comparison === null && /^(?:or|\|\|)$/i.test(parts.word ?? '')) {
      groups.push([]);
    } else if (comparison !== null || !/^(?:and|&&)$/i.test(parts.word ?? '')) {
      const match = comparison === null ? toWordMatch(parts) : toComparison(parts, known);
      groups.at(-1)?.push(parts.not === undefined ? match : (run, now) => !match(run, now));
      asksArchived ||= /archived/i.test(word[0]);
    }
    at = skipSpace(text, at + word[0].length);
  }
  if (groups.length > 1 && groups.some((group) => group.length === 0)) {
    throw wrong('or', 'needs something on both sides.', 'Write for example: units > 32 or is:starred.');
  }
  return {
    text: text.trim(),
    asksArchived,
    matches: (run, now) => groups.some((group) => group.every((match) => match(run, now))),
  };
}

/** Words are looked for in all that a person would recognise a run by. */
function toWordMatch({ quoted, word = '' }: Readonly<Record<string, string | undefined>>): Match {
  if (quoted === undefined && /^[<>=!:]|[<>=]/.test(word)) {
    throw wrong(word, 'is no comparison: a field must stand before the sign.', 'Write for example: units > 32.');
  }
  if (quoted === undefined && word.includes('"')) {
    throw wrong('filter', `a quotation mark is not closed in ${word}.`, 'Close it with another one.');
  }
  const wanted = unquote(quoted ?? word).toLowerCase();
  return (run) => {
    const { tags, note } = run.annotations;
    const texts = [run.name, recipeLabel(run), runFolderName(run), run.status, note, run.backend ?? '', ...tags];
    return texts.some((text) => text.toLowerCase().includes(wanted));
  };
}

function toComparison(parts: Readonly<Record<string, string | undefined>>, known: KnownNames | null): Match {
  const typed = parts.quotedField === undefined ? (parts.field ?? '') : unquote(parts.quotedField);
  const op = parts.op === '==' ? '=' : (parts.op ?? '=');
  const values = splitValues(parts.value ?? '');
  if (!isOperator(op) || values.length === 0) {
    throw wrong(typed, `has nothing behind ${op}.`, `Write a value, for example: ${typed} ${op} 3.`);
  }
  return typed.toLowerCase() === 'is' ? toState(values) : toFieldMatch(typed, { op, values, known });
}

/** `is:starred` */
function toState(values: readonly string[]): Match {
  const fields = values.map((value) => {
    const word = WORDS_OF_IS.find((one) => one === value.toLowerCase());
    if (word === undefined) {
      throw wrong('is', `"${value}" is no state of a run.`, `Write one of ${WORDS_OF_IS.join(', ')}.`);
    }
    return word;
  });
  return (run, now) =>
    fields.some((field) => {
      switch (field) {
        case 'tagged':
          return run.annotations.tags.length > 0;
        case 'noted':
          return run.annotations.note !== '';
        default:
          return runFieldValue(run, field, now) === true;
      }
    });
}

interface Comparison {
  readonly op: Operator;
  readonly values: readonly string[];
  readonly known: KnownNames | null;
}

function toFieldMatch(typed: string, { op, values, known }: Comparison): Match {
  const lower = typed.toLowerCase();
  const field = ALIASES[lower] ?? lower;
  const isParam = known?.params.includes(typed) === true;
  const explicit = /^params?\.(.+)$/.exec(typed)?.[1];
  // A parameter may be called like a field: then the field is meant, and `param.epochs` the parameter.
  if (explicit === undefined && isRunField(field)) {
    return compileComparison(field, { op, values });
  }
  const name = explicit ?? typed;
  if (explicit === undefined && known !== null && !isParam && !known.metrics.includes(typed)) {
    const words = [...Object.keys(RUN_FIELDS), ...known.params, ...known.metrics];
    const meant = didYouMean(typed, words);
    const shown = words.slice(0, 40).join(', ');
    throw wrong(
      typed,
      'is no field of these runs.',
      meant === null ? `Fields: ${shown}.` : `Did you mean ${meant}? Fields: ${shown}.`,
    );
  }
  const asParam = compileComparison(paramField(name), { op, values });
  if (explicit !== undefined || isParam) {
    return asParam;
  }
  const asResult = compileComparison('result', { op, values, typed });
  return (run, now) => (run.result?.metric === name ? asResult(run, now) : asParam(run, now));
}

/** Values between commas; a comma within quotation marks is part of one. */
function splitValues(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|([^,"][^,]*)/gu)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : unquote(quoted),
  );
}

function unquote(text: string): string {
  return text.replace(/\\(.)/gu, '$1');
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && /\s/u.test(text[next] ?? '')) {
    next += 1;
  }
  return next;
}

function wrong(field: string, message: string, remedy: string): SkilletError {
  return new SkilletError('run-filter', field, { message, remedy });
}
