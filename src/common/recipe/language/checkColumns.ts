/** Refuses names of columns that the CSV file does not have, while the recipe is written. */
import type { Problem } from '../../errors.ts';
import { expandRanges } from '../columnRange.ts';
import { didYouMean } from '../didYouMean.ts';
import { fixesFor } from './fixes.ts';
import { referenceIn, refersTo, scalarText } from './names.ts';
import type { RecipeText } from './recipeText.ts';

export function checkColumns(recipe: RecipeText, columns: readonly string[]): Problem[] {
  const named = recipe.fields.filter(
    (field) => refersTo(field.keys) === 'column' && scalarText(field) !== '' && referenceIn(recipe, field) === null,
  );
  return named.flatMap((field) => {
    const name = expandRanges([scalarText(field)]).find((one) => !columns.includes(one));
    if (name === undefined || field.value === null) {
      return [];
    }
    const near = didYouMean(name, columns);
    const problem: Problem = {
      code: 'data-unknown-column',
      path: field.path,
      message: `"${name}" is not a column of the CSV file.`,
      remedy: `${near === null ? '' : `Did you mean ${near}? `}Columns: ${columns.slice(0, 30).join(', ')}${columns.length > 30 ? ', …' : ''}.`,
      range: recipe.source.range(field.value.start, field.value.end),
    };
    const [fix] = fixesFor(recipe, problem, columns);
    return fix === undefined ? problem : { ...problem, fix };
  });
}
