/** A field of the recipe as text (`model[2].dense.units`) and as the keys that lead to it. */

export type FieldKeys = readonly (string | number)[];

export function formatPath(keys: FieldKeys): string {
  return keys.reduce<string>((text, key) => {
    if (typeof key === 'number') {
      return `${text}[${key}]`;
    }
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

export function toKeys(path: string): FieldKeys {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((match) =>
    match[1] === undefined ? (match[2] ?? '') : Number(match[1]),
  );
}

/** The value at `keys`, or undefined where the way ends early. */
export function valueAt(value: unknown, keys: FieldKeys): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | null | undefined)?.[key],
    value,
  );
}
