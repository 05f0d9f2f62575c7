/** The fields of a run that lists are sorted and filtered by, one value each. */
import { beatsBaseline, isLiveRun, type RunSummary, recipeLabel, runDuration, runFolderName } from './runSummary.ts';

export type RunFieldKind = 'text' | 'number' | 'duration' | 'time' | 'age' | 'yes';

export type RunFieldValue = number | string | boolean | null;

interface RunField {
  readonly kind: RunFieldKind;
  /** Durations in ms, times in ms since 1970; null where the run has none. */
  valueOf(run: RunSummary, now: number): RunFieldValue;
}

/** Those that every run has; `param:` and a name is a parameter. */
export const RUN_FIELDS = {
  name: { kind: 'text', valueOf: ({ name }) => name },
  recipe: { kind: 'text', valueOf: (run) => recipeLabel(run) || null },
  status: { kind: 'text', valueOf: ({ status }) => status },
  started: { kind: 'time', valueOf: ({ startedAt }) => toTime(startedAt) },
  age: { kind: 'age', valueOf: ({ startedAt }, now) => (startedAt === null ? null : now - Date.parse(startedAt)) },
  duration: { kind: 'duration', valueOf: runDuration },
  epochs: { kind: 'number', valueOf: ({ epochsDone }) => epochsDone },
  result: { kind: 'number', valueOf: ({ result }) => result?.value ?? null },
  metric: { kind: 'text', valueOf: ({ result }) => result?.metric ?? null },
  baseline: { kind: 'number', valueOf: ({ result }) => result?.baseline ?? null },
  backend: { kind: 'text', valueOf: ({ backend }) => backend },
  seed: { kind: 'number', valueOf: ({ seed }) => seed },
  tags: { kind: 'text', valueOf: ({ annotations: { tags } }) => tags.join(' ') || null },
  note: { kind: 'text', valueOf: ({ annotations: { note } }) => note || null },
  starred: { kind: 'yes', valueOf: ({ annotations }) => annotations.starred },
  archived: { kind: 'yes', valueOf: ({ annotations }) => annotations.archived },
  live: { kind: 'yes', valueOf: isLiveRun },
  better: { kind: 'yes', valueOf: (run) => beatsBaseline(run) === true },
  worse: { kind: 'yes', valueOf: (run) => beatsBaseline(run) === false },
  folder: { kind: 'text', valueOf: runFolderName },
} as const satisfies Record<string, RunField>;

export type RunFieldName = keyof typeof RUN_FIELDS;

const PARAM = 'param:';

export const paramField = (name: string) => `${PARAM}${name}`;

/** The parameter's name, or null for a field that is none. */
export const paramOf = (field: string) => (field.startsWith(PARAM) ? field.slice(PARAM.length) : null);

export function isRunField(name: string): name is RunFieldName {
  return Object.hasOwn(RUN_FIELDS, name);
}

/** Null for a field that does not exist, too. */
export function runFieldValue(run: RunSummary, field: string, now: number): RunFieldValue {
  if (isRunField(field)) {
    return RUN_FIELDS[field].valueOf(run, now);
  }
  const name = paramOf(field);
  return name !== null && Object.hasOwn(run.params, name) ? (run.params[name] ?? null) : null;
}

/** What the runs at hand have beside those: the parameters and the metrics of their results, in the order met. */
export function namesOfRuns(runs: readonly RunSummary[]): { params: string[]; metrics: string[] } {
  const params = new Set<string>();
  const metrics = new Set<string>();
  for (const run of runs) {
    for (const name in run.params) {
      params.add(name);
    }
    if (run.result !== null) {
      metrics.add(run.result.metric);
    }
  }
  return { params: [...params], metrics: [...metrics] };
}

function toTime(iso: string | null): number | null {
  const time = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(time) ? null : time;
}
