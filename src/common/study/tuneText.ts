/** Writes other settings into the `tune:` of a recipe's text, or takes it out; the rest, comments too, stays as it is. */
import { isMap, parseDocument } from 'yaml';
import type { ParamValue } from '../recipe/params.ts';

export interface TuneOverrides {
  readonly trials?: number;
  readonly parallel?: number;
  readonly seed?: number;
}

/** @param tune Takes the place of the whole block. Text that is no recipe is left for the parser to refuse. */
export function overrideTune(text: string, overrides: TuneOverrides, tune?: object): string {
  const settings = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const document = parseDocument(text);
  if ((settings.length === 0 && tune === undefined) || document.errors.length > 0 || !isMap(document.contents)) {
    return text;
  }
  if (tune !== undefined) {
    document.set('tune', document.createNode(tune));
  }
  for (const [key, value] of isMap(document.get('tune')) ? settings : []) {
    document.setIn(['tune', key], value);
  }
  return document.toString({ lineWidth: 0 });
}

export interface TrialSettings {
  readonly params: Readonly<Record<string, ParamValue>>;
  /** The backend to train on; null where the recipe names one. */
  readonly device: string | null;
}

/** The recipe of one trial: a run like any other, which knows nothing of its study. */
export function toTrialText(text: string, { params, device }: TrialSettings): string {
  const document = parseDocument(text);
  document.delete('tune');
  for (const [name, value] of Object.entries(params)) {
    document.setIn(['params', name], value);
  }
  if (device !== null) {
    document.setIn(['train', 'device'], device);
  }
  return document.toString({ lineWidth: 0 });
}
