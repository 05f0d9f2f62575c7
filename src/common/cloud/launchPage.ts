/** The reference page of launch profiles, written from their JSON Schema. */
import type { JsonSchema } from '../recipe/jsonSchema.ts';
import { choicesOf, defaultOf, isChoice, kindOf, meaningOf, waysOf, wordsOf } from '../recipe/schemaWords.ts';
import { launchSchema } from './launchFile.ts';

/** Markdown: a table for the profile, one for each group and each word below it. */
export function launchPage(): string {
  return [
    '# Launch profiles',
    '',
    'A launch profile says which machine to launch. It is a file that ends in `.launch.yaml`, `.launch.yml` or `.launch.json`, can be committed, and is launched from the form or by `skillet launch aws --profile <file>`. It holds no secret: keys are named by their files.',
    '',
    ...group('', launchSchema()),
  ].join('\n');
}

/** The table of a group, and then those of the groups in it. */
function group(path: string, schema: JsonSchema): string[] {
  const entries = Object.entries(schema.properties ?? {});
  const rows = entries.map(([key, one]) => row(key, one, schema.required?.includes(key) ?? false));
  const head = path === '' ? [] : [`## ${path}`, '', ...(meaningOf(schema) === '' ? [] : [meaningOf(schema), ''])];
  const table = rows.length === 0 ? [] : ['| key | value | when absent | |', '|---|---|---|---|', ...rows, ''];
  return [...head, ...table, ...entries.flatMap(([key, one]) => inside(path === '' ? key : `${path}.${key}`, one))];
}

function inside(path: string, schema: JsonSchema): string[] {
  if (waysOf(schema).some(isChoice)) {
    return [...choicesOf(schema)].flatMap(([word, settings]) => group(`${path}.${word}`, settings));
  }
  return waysOf(schema).flatMap((way) => {
    const items = way.type === 'array' && way.items ? waysOf(way.items) : [];
    return [way, ...items].flatMap((one) => (one.properties === undefined ? [] : group(path, { ...schema, ...one })));
  });
}

function row(key: string, schema: JsonSchema, isRequired: boolean): string {
  const absent = defaultOf(schema);
  const words = waysOf(schema).some(isChoice)
    ? [...choicesOf(schema).keys()].map((word) => `\`${word}\``).join(' ')
    : kindOf(schema);
  const unit = schema.unit === undefined ? '' : `, in ${schema.unit}`;
  const meanings = [...wordsOf(schema)].flatMap(([word, meaning]) =>
    meaning === '' ? [] : [`\`${word}\`: ${meaning}`],
  );
  const text = waysOf(schema).some(isChoice) ? [meaningOf(schema)] : [meaningOf(schema), ...meanings];
  const fallback = absent === null ? (isRequired ? '**required**' : '') : `\`${absent}\``;
  return `| \`${key}\` | ${words}${unit} | ${fallback} | ${text.join(' ')} |`;
}
