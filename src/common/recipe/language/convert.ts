/** Turns a value of the wrong type into the right one where its text says which: "64" to 64, a word to its list. */
import { isScalar } from 'yaml';
import { toKeys } from '../fieldPath.ts';
import type { JsonSchema } from '../jsonSchema.ts';
import { printFlow, printText } from '../printValue.ts';
import { choicesOf, isChoice, waysOf } from '../schemaWords.ts';
import { draftOf, plainLeaf, printDraft, settingsDraft } from './draft.ts';
import { setValue } from './edits.ts';
import type { Mending } from './fixes.ts';
import { paramsOf, referenceIn, scalarText } from './names.ts';
import { type Field, type RecipeText, textOf } from './recipeText.ts';
import { settingAt } from './settingText.ts';

export function convertFixes(recipe: RecipeText, path: string): Mending[] {
  const found = recipe.at(path);
  const setting = settingAt(toKeys(path));
  const name = found === undefined ? undefined : referenceIn(recipe, found)?.name;
  // What a parameter gives is mended where the parameter stands.
  const field = name === undefined ? found : paramsOf(recipe).find((param) => param.name === name)?.field;
  if (field === undefined || setting === null) {
    return [];
  }
  const ways = waysOf(setting);
  const text = isScalar(field.node) ? ways.flatMap((way) => asType(way, field, recipe) ?? [])[0] : undefined;
  if (text !== undefined) {
    return field.value === null
      ? []
      : [{ title: `Change to ${text}`, edits: [{ ...field.value, text }], isSure: true }];
  }
  return [...wordWithSettings(recipe, field, setting), ...emptied(recipe, field, setting)];
}

/** The value in the type of one alternative, as it is written; null where it does not say which. */
function asType(way: JsonSchema, field: Field, recipe: RecipeText): string | null {
  const written = scalarText(field);
  if (written === '') {
    return null;
  }
  switch (way.type) {
    case 'integer':
      return /^[-+]?\d+$/.test(written) ? String(Number(written)) : null;
    case 'number':
      return written.trim() !== '' && Number.isFinite(Number(written)) ? written : null;
    case 'boolean':
      return (
        { true: 'true', yes: 'true', on: 'true', false: 'false', no: 'false', off: 'false' }[written.toLowerCase()] ??
        null
      );
    case 'string':
      return way.enum === undefined && way.pattern === undefined ? quoted(recipe, field) : null;
    case 'array':
      return way.items && fitsItem(way.items, field) ? `[${textOf(recipe, field.value)}]` : null;
    default:
      return null;
  }
}

function quoted(recipe: RecipeText, field: Field): string {
  const text = textOf(recipe, field.value);
  return /^["']/.test(text) ? text : JSON.stringify(text);
}

function fitsItem(items: JsonSchema, { node }: Field): boolean {
  const value: unknown = isScalar(node) ? node.value : undefined;
  return waysOf(items).some((way) =>
    way.enum === undefined
      ? (way.type === 'string' && typeof value === 'string') ||
        ((way.type === 'integer' || way.type === 'number') && typeof value === 'number')
      : way.enum.includes(value),
  );
}

/** `learningRate: cosineDecay` needs the settings of the word. */
export function wordWithSettings(recipe: RecipeText, field: Field, setting: JsonSchema): Mending[] {
  const word = scalarText(field);
  const settings = waysOf(setting).some(isChoice) ? choicesOf(setting).get(word) : undefined;
  if (settings === undefined || field.value === null) {
    return [];
  }
  const inner = `${printText(word, recipe)}: ${printDraft(settingsDraft(settings), recipe, plainLeaf)}`;
  const text = field.key === null && !field.isFlow ? inner : `{ ${inner} }`;
  return [{ title: `Write ${word} with its settings`, edits: [{ ...field.value, text }], isSure: true }];
}

/** Nothing is written behind the colon. */
function emptied(recipe: RecipeText, field: Field, setting: JsonSchema): Mending[] {
  if (!isScalar(field.node) || field.node.value !== null) {
    return [];
  }
  const draft = draftOf(setting);
  const text = 'leaf' in draft ? printFlow(draft.leaf, recipe) : printDraft(draft, recipe, plainLeaf);
  return [
    { title: `Set ${String(field.keys.at(-1))}: ${text}`, edits: setValue(recipe, field.path, text), isSure: false },
  ];
}
