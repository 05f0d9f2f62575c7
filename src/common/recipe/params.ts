/** Fills `$name` in a recipe with the values under `params`. */
import type { Problem } from '../errors.ts';
import { didYouMean } from './didYouMean.ts';
import { type FieldKeys, formatPath } from './fieldPath.ts';

export type ParamValue = number | string | boolean;

/** Matches a whole value that names a parameter. */
const REFERENCE = /^\$([A-Za-z_]\w*)$/;

/** Gives `raw` with every `$name` replaced; names without an entry are problems. `params` itself is left as it is. */
export function fillParams(raw: unknown): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const params = paramsOf(raw);
  const fill = (value: unknown, keys: FieldKeys): unknown => {
    if (typeof value === 'string') {
      const name = REFERENCE.exec(value)?.[1];
      if (name === undefined) {
        return value;
      }
      if (Object.hasOwn(params, name)) {
        return params[name];
      }
      problems.push(unknownParam(name, formatPath(keys), Object.keys(params)));
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => fill(item, [...keys, index]));
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          keys.length === 0 && key === 'params' ? item : fill(item, [...keys, key]),
        ]),
      );
    }
    return value;
  };
  return { value: fill(raw, []), problems };
}

function paramsOf(raw: unknown): Record<string, unknown> {
  const params = (raw as { params?: unknown } | null)?.params;
  return typeof params === 'object' && params !== null && !Array.isArray(params) ? { ...params } : {};
}

function unknownParam(name: string, path: string, known: readonly string[]): Problem {
  const guess = didYouMean(name, known);
  return {
    code: 'recipe-unknown-param',
    path,
    message: `$${name} has no entry under params.`,
    remedy:
      guess === null
        ? `Add \`${name}: <value>\` under params, or write the value here.`
        : `Did you mean $${guess}? Otherwise add \`${name}\` under params.`,
  };
}
