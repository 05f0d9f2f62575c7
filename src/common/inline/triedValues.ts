/** Which values of a parameter were tried, and the best result that each gave. */
import { formatNumber } from '../format.ts';
import type { ParamValue } from '../recipe/params.ts';
import { metricDirection } from '../run/metricDirection.ts';
import type { LineContent } from './runLine.ts';
import type { TriedSpark } from './sparkline.ts';

export interface TriedRun {
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly result: { readonly metric: string; readonly value: number | null } | null;
}

export interface TriedValue {
  readonly value: ParamValue;
  /** Best result on the test rows. */
  readonly result: number;
  readonly runs: number;
}

export interface TriedParam {
  readonly name: string;
  /** In the order of the values. */
  readonly values: readonly TriedValue[];
  readonly best: TriedValue;
}

export interface Tried {
  /** The measure of all results. */
  readonly metric: string;
  readonly params: readonly TriedParam[];
}

/** Results that can be compared: those by the measure of the newest run. @param runs Newest first. */
export function triedValues(runs: readonly TriedRun[], names: readonly string[]): Tried | null {
  const metric = runs.find(({ result }) => result !== null && result.value !== null)?.result?.metric;
  if (metric === undefined) {
    return null;
  }
  const measured = runs.flatMap(({ params, result }) =>
    result?.metric === metric && result.value !== null ? [{ params, result: result.value }] : [],
  );
  const params = names.flatMap((name) => triedParam(name, measured, metricDirection(metric) === 'higher') ?? []);
  return params.length === 0 ? null : { metric, params };
}

function triedParam(
  name: string,
  runs: readonly { readonly params: TriedRun['params']; readonly result: number }[],
  higherIsBetter: boolean,
): TriedParam | null {
  const isBetter = (a: number, b: number) => (higherIsBetter ? a > b : a < b);
  const byValue = new Map<ParamValue, TriedValue>();
  for (const { params, result } of runs) {
    if (!Object.hasOwn(params, name)) {
      continue;
    }
    const value = params[name] as ParamValue;
    const known = byValue.get(value);
    byValue.set(value, {
      value,
      result: known === undefined || isBetter(result, known.result) ? result : known.result,
      runs: (known?.runs ?? 0) + 1,
    });
  }
  const values = [...byValue.values()].sort((a, b) => byOrder(a.value, b.value));
  const [first, ...others] = values;
  return first === undefined
    ? null
    : { name, values, best: others.reduce((best, one) => (isBetter(one.result, best.result) ? one : best), first) };
}

function byOrder(a: ParamValue, b: ParamValue): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

/** Values that are told one by one; of more only the best. */
const MOST_VALUES = 4;
/** Parameters of one line that are told; a line has one end. */
const MOST_PARAMS = 3;

/** Behind the line of one parameter or of several; where nothing was varied, the values once with their result. */
export function triedLine(runs: readonly TriedRun[], names: readonly string[]): LineContent | null {
  const tried = triedValues(runs, names);
  if (tried === null) {
    return null;
  }
  const varied = tried.params.filter(({ values }) => values.length > 1);
  const by = `(test ${tried.metric})`;
  if (varied.length === 0) {
    const [first] = tried.params;
    const values = tried.params.slice(0, MOST_PARAMS).map(({ best }) => String(best.value));
    const list = tried.params.length > MOST_PARAMS ? `${values.join(', ')}, …` : values.join(', ');
    return { sparks: [], text: `tried ${list} → ${formatNumber(first?.best.result)} ${by}` };
  }
  const shown = varied.slice(0, MOST_PARAMS);
  const texts = shown.map((param) => (names.length > 1 ? `${param.name} ${valuesText(param)}` : valuesText(param)));
  const more = varied.length > shown.length ? ` | +${varied.length - shown.length}` : '';
  return { sparks: shown.map(toSpark), text: `tried ${texts.join(' | ')}${more} ${by}` };
}

/** `32 → 3.71 · 64 → 3.51`, or `7 values, best 64 → 3.51`. */
function valuesText({ values, best }: TriedParam): string {
  const one = ({ value, result }: TriedValue) => `${value} → ${formatNumber(result)}`;
  return values.length > MOST_VALUES ? `${values.length} values, best ${one(best)}` : values.map(one).join(' · ');
}

function toSpark({ values, best }: TriedParam): TriedSpark {
  return { kind: 'tried', results: values.map(({ result }) => result), best: values.indexOf(best) };
}
