/** What would mend a problem, as changes to the text; the best comes first. */
import type { Fix, Problem } from '../../errors.ts';
import { didYouMean } from '../didYouMean.ts';
import { formatPath, toKeys } from '../fieldPath.ts';
import { keysAt, LANGUAGE } from '../jsonSchema.ts';
import { INPUT } from '../nameLayers.ts';
import { printFlow, printText } from '../printValue.ts';
import { limitsOf, waysOf, wordsOf } from '../schemaWords.ts';
import { convertFixes, wordWithSettings } from './convert.ts';
import { draftOf, plainLeaf, printDraft } from './draft.ts';
import { insertKey, removeField, renameKey, setValue } from './edits.ts';
import { freeName, inputFields, layersOf, paramsOf, referenceIn, scalarText } from './names.ts';
import type { Field, RecipeText, TextEdit } from './recipeText.ts';
import { settingAt } from './settingText.ts';

/** A change by offsets, before it is given lines and columns. */
export interface Mending {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  readonly isSure: boolean;
}

/** @param columns Columns of the CSV file, where they are known. */
export function fixesFor(recipe: RecipeText, problem: Problem, columns: readonly string[] = []): Fix[] {
  return mendings(recipe, problem, columns)
    .filter(({ edits }) => edits.length > 0)
    .map(({ title, edits, isSure }) => ({
      title,
      isSure,
      edits: edits.map(({ start, end, text }) => ({ range: recipe.source.range(start, end), text })),
    }));
}

function mendings(recipe: RecipeText, problem: Problem, columns: readonly string[]): Mending[] {
  if (problem.set !== undefined) {
    const { path, value } = problem.set;
    const text = printFlow(value, recipe);
    return [
      {
        title: `Set ${toKeys(path).findLast((key) => typeof key === 'string')}: ${String(value)}`,
        edits: setValue(recipe, path, text),
        isSure: true,
      },
    ];
  }
  switch (problem.code) {
    case 'recipe-unknown-key':
      return unknownKey(recipe, problem.path);
    case 'recipe-missing-key':
      return missingKey(recipe, problem.path);
    case 'recipe-wrong-type':
      return convertFixes(recipe, problem.path);
    case 'recipe-bad-choice':
      return badChoice(recipe, problem.path);
    case 'recipe-out-of-range':
      return outOfRange(recipe, problem.path);
    case 'recipe-unknown-param':
      return unknownParam(recipe, problem.path);
    case 'recipe-layer-name':
      return layerName(recipe, problem.path);
    case 'data-unknown-column':
      return unknownColumn(recipe, problem, columns);
    default:
      return [];
  }
}

function unknownKey(recipe: RecipeText, path: string): Mending[] {
  const keys = toKeys(path);
  const key = String(keys.at(-1));
  const outer = keys.slice(0, -1);
  const taken = new Set(
    recipe.fields
      .filter((one) => formatPath(one.keys.slice(0, -1)) === formatPath(outer))
      .map(({ keys: own }) => own.at(-1)),
  );
  const free = keysAt(LANGUAGE, outer).filter((word) => !taken.has(word));
  const near = didYouMean(key, free);
  const change: Mending[] =
    near === null ? [] : [{ title: `Change to ${near}`, edits: renameKey(recipe, path, near), isSure: true }];
  return [...change, { title: `Remove ${key}`, edits: removeField(recipe, path), isSure: false }];
}

function missingKey(recipe: RecipeText, path: string): Mending[] {
  const keys = toKeys(path);
  const key = keys.at(-1);
  const setting = settingAt(keys);
  if (typeof key !== 'string' || setting === null) {
    return [];
  }
  const text = printDraft(draftOf(setting), recipe, plainLeaf);
  const field = recipe.at(path);
  const edits =
    field === undefined ? insertKey(recipe, keys.slice(0, -1), { key, text }) : setValue(recipe, path, text);
  return [{ title: `Add ${key}: ${text}`, edits, isSure: false }];
}

function badChoice(recipe: RecipeText, path: string): Mending[] {
  const field = valueField(recipe, path);
  const words = [...wordsOf(settingAt(toKeys(path)) ?? {}).keys()];
  if (field === undefined || field.value === null) {
    return missingKey(recipe, path);
  }
  const settings = wordWithSettings(recipe, field, settingAt(toKeys(path)) ?? {});
  const near = didYouMean(scalarText(field), words);
  return settings.length > 0 || near === null ? settings : [replaceText(recipe, field, near)];
}

/** Where the value is written: the field itself, or the parameter that it names. */
export function valueField(recipe: RecipeText, path: string): Field | undefined {
  const field = recipe.at(path);
  const name = field === undefined ? undefined : referenceIn(recipe, field)?.name;
  return name === undefined ? field : (paramsOf(recipe).find((param) => param.name === name)?.field ?? field);
}

/** Another word in the same place, in the same quotes. */
function replaceText(recipe: RecipeText, field: Field, word: string): Mending {
  const { start, end } = field.value ?? { start: 0, end: 0 };
  const quote = /^["']/.exec(recipe.text.slice(start, end))?.[0];
  const text = quote === undefined ? printText(word, recipe) : `${quote}${word}${quote}`;
  return { title: `Change to ${word}`, edits: [{ start, end, text }], isSure: true };
}

/** The nearest number that is allowed, where the limit itself is. */
function outOfRange(recipe: RecipeText, path: string): Mending[] {
  const field = valueField(recipe, path);
  const value = field === undefined ? Number.NaN : Number(scalarText(field));
  const way = waysOf(settingAt(toKeys(path)) ?? {}).find(
    (one) => limitsOf(one) !== '' && (one.type === 'integer' || one.type === 'number'),
  );
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = way ?? {};
  const nearest = Math.min(Math.max(value, minimum), maximum);
  return field?.value && way !== undefined && Number.isFinite(nearest) && nearest !== value
    ? [{ title: `Change to ${nearest}`, edits: [{ ...field.value, text: String(nearest) }], isSure: false }]
    : [];
}

function unknownParam(recipe: RecipeText, path: string): Mending[] {
  const field = recipe.at(path);
  const reference = field === undefined ? null : referenceIn(recipe, field);
  if (field === undefined || reference === null) {
    return [];
  }
  const known = paramsOf(recipe).map(({ name }) => name);
  const near = didYouMean(reference.name, known);
  const change: Mending[] =
    near === null ? [] : [{ title: `Change to $${near}`, edits: [{ ...reference.span, text: near }], isSure: true }];
  const draft = draftOf(settingAt(toKeys(path)) ?? {});
  const text = 'leaf' in draft ? printFlow(draft.leaf, recipe) : '1';
  const isThere = recipe.at('params') !== undefined;
  const edits = isThere
    ? insertKey(recipe, ['params'], { key: reference.name, text })
    : insertKey(recipe, [], {
        key: 'params',
        text: `{ ${printText(reference.name, recipe)}: ${text} }`,
        after: 'name',
      });
  return [...change, { title: `Add ${reference.name}: ${text} under params`, edits, isSure: false }];
}

/** An input that is no layer above, or a name that is taken. */
function layerName(recipe: RecipeText, path: string): Mending[] {
  const layers = layersOf(recipe);
  const field = recipe.at(path);
  if (path.endsWith('.name') && field !== undefined) {
    const owner = layers.find(({ naming }) => naming === field);
    const free = freeName(owner?.type ?? 'layer', new Set([INPUT, ...layers.map(({ name }) => name)]));
    return [{ ...replaceText(recipe, field, free), title: `Name it ${free}`, isSure: false }];
  }
  const index = Number(toKeys(path)[1]);
  const above = [INPUT, ...layers.filter((one) => one.index < index).map(({ name }) => name)];
  const wrong = inputFields(recipe).filter((one) => one.path.startsWith(path) && !above.includes(scalarText(one)));
  return wrong.flatMap((one) => {
    const near = didYouMean(scalarText(one), above);
    return near === null ? [] : [replaceText(recipe, one, near)];
  });
}

function unknownColumn(recipe: RecipeText, problem: Problem, columns: readonly string[]): Mending[] {
  const field = recipe.at(problem.path);
  const near = field === undefined ? null : didYouMean(scalarText(field), columns);
  return field === undefined || near === null ? [] : [replaceText(recipe, field, near)];
}
