/** Changes of settings, as edits of the recipe's text; where a field names a parameter, the parameter is changed. */
import { printFlow } from '../printValue.ts';
import { setValue } from './edits.ts';
import { valueField } from './fixes.ts';
import type { RecipeText, TextEdit } from './recipeText.ts';

/** A field and its new value, as YAML would give it. */
export interface SettingChange {
  readonly path: string;
  readonly value: unknown;
}

/** @returns None where one of them cannot be made: half a mending is none. */
export function settingEdits(recipe: RecipeText, changes: readonly SettingChange[]): TextEdit[] {
  const edits = changes.map(({ path, value }) => {
    const field = valueField(recipe, path);
    return setValue(recipe, field?.path ?? path, printFlow(value, recipe));
  });
  return edits.some((one) => one.length === 0) ? [] : edits.flat();
}
