/** Which files are recipes, by their names. */

const RECIPE_FILE = /\.recipe\.(?:ya?ml|json)$/;

/** The same as a glob pattern. */
export const RECIPE_GLOB = '**/*.recipe.{yaml,yml,json}';

export function isRecipeFile(path: string): boolean {
  return RECIPE_FILE.test(path);
}

/** A recipe that other programs read as JSON, and that must stay so. */
export function isJsonRecipe(path: string): boolean {
  return path.endsWith('.recipe.json');
}

/** The file's name without folder and ending. */
export function recipeFileName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(RECIPE_FILE, '');
}
