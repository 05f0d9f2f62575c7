/** The one error that a person can meet: which field, what is wrong with the value, and what to do about it. */
import type { ErrorCode } from './errorCodes.ts';

/** One thing that is wrong, as shown in the editor's Problems, the panel and the CLI. */
export interface Problem {
  /** Stable code, listed in docs/errors.md. */
  readonly code: ErrorCode;
  /** The field in the recipe (`model[2].dense.units`) or the thing itself (a file, a folder, a backend). */
  readonly path: string;
  /** What is wrong, with the value. */
  readonly message: string;
  /** What to do about it; a whole sentence. */
  readonly remedy: string;
  /** Where in the recipe file, when it is known. */
  readonly range?: SourceRange;
  /** An error when absent. A warning never refuses a recipe. */
  readonly severity?: 'error' | 'warning';
  /** The value that would mend it, where the check that found it knows one. */
  readonly set?: { readonly path: string; readonly value: string | number | boolean };
  /** The change to the recipe that mends it best. */
  readonly fix?: Fix;
}

/** A change to a recipe's text that mends a problem. */
export interface Fix {
  /** What it does, for a menu: `Change to batchSize`. */
  readonly title: string;
  readonly edits: readonly FixEdit[];
  /** Whether nothing else can be meant, so that it may be made unasked together with others. */
  readonly isSure: boolean;
}

/** A piece of the text and what takes its place. */
export interface FixEdit {
  readonly range: SourceRange;
  readonly text: string;
}

/** Lines and columns count from 1; the end column is exclusive. */
export interface SourceRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Thrown for faults a person can mend; anything else that is thrown is a bug of ours. */
export class SkilletError extends Error implements Problem {
  readonly code: ErrorCode;
  readonly path: string;
  readonly remedy: string;

  constructor(code: ErrorCode, path: string, what: { readonly message: string; readonly remedy: string }) {
    super(what.message);
    this.name = 'SkilletError';
    this.code = code;
    this.path = path;
    this.remedy = what.remedy;
  }

  /** By name: a provider's bundle brings a copy of this class along. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'SkilletError';
  }
}

/** Writes a problem as one line: `recipe.yaml:12:5 model[0].dense.units: … Remedy (code)`. */
export function formatProblem(problem: Problem, file?: string): string {
  const place = problem.range === undefined ? '' : `:${problem.range.line}:${problem.range.column}`;
  const where = file === undefined ? '' : `${file}${place} `;
  const weight = problem.severity === 'warning' ? 'warning: ' : '';
  return `${where}${weight}${problem.path}: ${problem.message} ${problem.remedy} (${problem.code})`;
}

/** Gives any thrown value as a problem; what is not ours gets the code `internal`. */
export function toProblem(error: unknown, path: string): Problem {
  if (error instanceof SkilletError) {
    return { code: error.code, path: error.path, message: error.message, remedy: error.remedy };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    path,
    message,
    remedy: 'This is a fault in Skillet; please report it with the run folder.',
  };
}
