/** The contents of the files in the repository that are made from the sources. */
import { ERROR_CODES } from './errorCodes.ts';
import { toJsonSchema } from './recipe/jsonSchema.ts';
import { referencePage } from './recipe/referencePage.ts';

/** Path from the project's root → text. */
export function generatedFiles(): Record<string, string> {
  return {
    'media/recipe.schema.json': `${JSON.stringify(toJsonSchema())}\n`,
    'media/recipe-json.schema.json': `${JSON.stringify(plainJson())}\n`,
    'docs/recipe.md': referencePage(),
    'docs/errors.md': errorPage(),
  };
}

/** For VS Code's own JSON support: that it is an object, so that it guesses nothing beside what Skillet offers and marks. */
function plainJson(): object {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Skillet recipe', type: 'object' };
}

function errorPage(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  const head = [
    '# Error codes',
    '',
    'Each message names the field, the value and what to do; the code in brackets stays the same between versions.',
    '',
  ];
  return [...head, '| code | what it means |', '|---|---|', ...rows, ''].join('\n');
}
