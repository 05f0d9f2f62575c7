/** The contents of the files in the repository that are made from the sources. */
import { ADVICE_CODES } from './adviceCodes.ts';
import { launchSchema } from './cloud/launchFile.ts';
import { launchPage } from './cloud/launchPage.ts';
import { DIAGNOSIS_CODES } from './diagnosisCodes.ts';
import { ERROR_CODES } from './errorCodes.ts';
import { toJsonSchema } from './recipe/jsonSchema.ts';
import { referencePage } from './recipe/referencePage.ts';

/** Path from the project's root → text. */
export function generatedFiles(): Record<string, string> {
  return {
    'media/recipe.schema.json': `${JSON.stringify(toJsonSchema())}\n`,
    'media/recipe-json.schema.json': `${JSON.stringify(plainJson())}\n`,
    'media/launch.schema.json': `${JSON.stringify(launchSchema())}\n`,
    'docs/recipe.md': referencePage(),
    'docs/launch-profile.md': launchPage(),
    'docs/errors.md': errorPage(),
    'docs/diagnoses.md': diagnosisPage(),
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

/** One section a code, so that a code can link to it. */
function diagnosisPage(): string {
  const sections = Object.entries(DIAGNOSIS_CODES).flatMap(([code, { meaning, looksAt, remedy }]) => [
    `## ${code}`,
    '',
    meaning,
    '',
    `- **Looks at:** ${looksAt}`,
    `- **What to do:** ${remedy}`,
    '',
  ]);
  return [
    '# Training diagnoses',
    '',
    'While a recipe trains, and after it, Skillet judges the run by rules: what it finds stands in Problems on the line of the recipe that causes it, in the panel and in `skillet show`, with the numbers behind it and, where a setting would help, a quick fix. At most three at a time; a cause hides its effects. They speak of the last run of a recipe and go once the setting is changed or the recipe trains again.',
    '',
    'The rules look at the epochs, at the looks taken at the layers (after epochs 1, 2, 4, 8, …) and at the result; trends are told from noise by tests, not by the eye. They are no verdict: a run can be as it was meant and still be told something. The comment `# skillet: ignore overfitting` anywhere in a recipe switches one off, `# skillet: ignore overfitting, plateau` several.',
    '',
    ...sections,
    '## Sources',
    '',
    '- L. Prechelt: *Early Stopping – But When?* Neural Networks: Tricks of the Trade, 1998.',
    '- L. N. Smith: *Cyclical Learning Rates for Training Neural Networks.* WACV 2017.',
    '- X. Glorot, Y. Bengio: *Understanding the difficulty of training deep feedforward neural networks.* AISTATS 2010.',
    '- R. Pascanu, T. Mikolov, Y. Bengio: *On the difficulty of training recurrent neural networks.* ICML 2013.',
    '- L. Lu, Y. Shin, Y. Su, G. E. Karniadakis: *Dying ReLU and Initialization: Theory and Numerical Examples.* Commun. Comput. Phys. 28, 2020.',
    '- H. B. Mann: *Nonparametric Tests Against Trend.* Econometrica 13, 1945.',
    '',
  ].join('\n');
}
