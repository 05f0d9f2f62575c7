/** A recipe as a flat list of settings, by path: `train.optimizer.adam.learningRate` → 0.001. */
import { fillParams } from '../recipe/params.ts';
import { printFlow } from '../recipe/printValue.ts';

export interface Setting {
  readonly path: string;
  /** As one would write it, parameters filled in. */
  readonly text: string;
  /** Whether the recipe takes it from a parameter, which is listed by its own name. */
  readonly isParam: boolean;
}

export type Plain = Readonly<Record<string, unknown>>;

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param recipe Plain values as the text has them; anything but an object has no settings. */
export function settingsOf(recipe: unknown): Setting[] {
  if (!isPlain(recipe)) {
    return [];
  }
  const { params: _, model, ...others } = recipe;
  const filled = fillParams(recipe).value as Plain;
  const rest = Object.entries(others).flatMap(([key, raw]) => flatten(key, raw, filled[key]));
  return [...rest, ...modelSettings(model, filled.model)];
}

function modelSettings(raw: unknown, filled: unknown): Setting[] {
  if (!Array.isArray(raw) || !Array.isArray(filled)) {
    return raw === undefined ? [] : flatten('model', raw, filled);
  }
  const counts = new Map<string, number>();
  return filled.flatMap((layer, index) => {
    const { type, settings } = readLayer(layer);
    const number = (counts.get(type) ?? 0) + 1;
    counts.set(type, number);
    const name = typeof settings.name === 'string' ? settings.name : `${type}${number}`;
    const { name: _, ...rest } = settings;
    const rawSettings = readLayer(raw[index]).settings;
    return [
      { path: `model.${name}`, text: type, isParam: false },
      ...Object.entries(rest).flatMap(([key, value]) => flatten(`model.${name}.${key}`, rawSettings[key], value)),
    ];
  });
}

/** Both forms of a layer: `- flatten` and `- dense: { units: 1 }`. */
export function readLayer(layer: unknown): { readonly type: string; readonly settings: Plain } {
  if (typeof layer === 'string') {
    return { type: layer, settings: {} };
  }
  const [[type, settings] = ['?', {}]] = isPlain(layer) ? Object.entries(layer) : [];
  return { type, settings: isPlain(settings) ? settings : {} };
}

function flatten(path: string, raw: unknown, filled: unknown): Setting[] {
  if (!isPlain(filled)) {
    return [{ path, text: printFlow(filled), isParam: isReference(raw) }];
  }
  const inner = Object.entries(filled).flatMap(([key, value]) =>
    flatten(`${path}.${key}`, isPlain(raw) ? raw[key] : undefined, value),
  );
  const word = choiceOf(filled);
  return word === null
    ? inner
    : [{ path, text: word, isParam: false }, ...inner.filter((setting) => setting.path !== `${path}.${word}`)];
}

const isReference = (value: unknown) => typeof value === 'string' && /^\$[A-Za-z_]\w*$/.test(value);

/** The word of `{ adam: { … } }`, which is a choice with its settings, as `adam` alone is one without. */
export function choiceOf(value: unknown): string | null {
  if (!isPlain(value)) {
    return null;
  }
  const [entry, ...more] = Object.entries(value);
  return entry !== undefined && more.length === 0 && (isPlain(entry[1]) || entry[1] === null) ? entry[0] : null;
}
