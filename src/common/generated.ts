/** The contents of the files in the repository that are made from the sources. */
import { ADVICE_CODES } from './adviceCodes.ts';
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
  const table = (codes: Readonly<Record<string, string>>) => [
    '| code | what it means |',
    '|---|---|',
    ...Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
    '',
  ];
  return [
    '# Error codes',
    '',
    'Each message names the field, the value and what to do; the code in brackets stays the same between versions.',
    '',
    ...table(ERROR_CODES),
    '## Advice',
    '',
    'Warnings never keep a recipe from training. The comment `# skillet: ignore small-test` anywhere in a recipe switches one off, `# skillet: ignore small-test, id-column` several.',
    '',
    ...table(ADVICE_CODES),
  ].join('\n');
}
