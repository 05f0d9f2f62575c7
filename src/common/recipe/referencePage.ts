/** The reference page of the recipe language, written from its JSON Schema. */
import { type JsonSchema, LANGUAGE } from './jsonSchema.ts';
import { plainLeaf, printDraft, usualDraft } from './language/draft.ts';
import { anchorOf, groupTitles, referenceSections, type Section, sharedTitle } from './referenceSections.ts';
import { choicesOf, defaultOf, isChoice, kindOf, meaningOf, sharedWays, waysOf, wordsOf } from './schemaWords.ts';

const INTRODUCTIONS: Readonly<Record<string, string>> = {
  Layers: 'A model is a list of layers; each entry is one word with its settings, such as `- dense: { units: 64 }`.',
  Optimizers:
    'The update rules: a word, or a word with its settings, such as `optimizer: { adam: { learningRate: 0.01 } }`.',
  Schedules:
    "In place of a number `learningRate` may be one of Keras's schedules, as in `learningRate: { cosineDecay: { initialLearningRate: 0.001, decaySteps: 2000 } }`. Each update takes its rate from the number of updates done before it, over all epochs; a resumed run goes on where it was.",
  Initializers: 'A word, or a word with its settings; seeded by `train.seed` and the place of the layer.',
};

/** Markdown: a table per group of settings, one per layer, optimizer and schedule. */
export function referencePage(language: JsonSchema = LANGUAGE): string {
  const sections = referenceSections(language);
  return [
    '# The recipe language',
    '',
    'Every key of a recipe, with what may stand there and what holds when it is absent. A recipe is a file that ends in `.recipe.yaml`, `.recipe.yml` or `.recipe.json`. Wherever a value stands, `$name` may stand for an entry of `params`.',
    '',
    ...contents(sections),
    ...sections.flatMap(sectionLines),
  ].join('\n');
}

function contents(sections: readonly Section[]): string[] {
  const links = sections.map(({ title }) => `[${title}](#${anchorOf(title)})`);
  return [links.join(' · '), ''];
}

function sectionLines({ title, schema, kind }: Section): string[] {
  if (kind === 'group') {
    return group(title, schema, '##');
  }
  const introduction = INTRODUCTIONS[title];
  const head = [`## ${title}`, '', ...(introduction === undefined ? [] : [introduction, ''])];
  return [...head, ...(kind === 'words' ? wordList(schema) : choiceLines(title, schema))];
}

function group(title: string, schema: JsonSchema, mark: '##' | '###'): string[] {
  const meaning = schema.description === undefined || title === 'A recipe' ? [] : [schema.description, ''];
  return [`${mark} ${title}`, '', ...meaning, ...table(schema, title)];
}

function table(schema: JsonSchema, path: string): string[] {
  const entries = Object.entries(schema.properties ?? {});
  const inside = path === 'A recipe' ? '' : `${path.replace(/ with .*/, '')}.`;
  const rows = entries.map(([key, one]) =>
    row(key, one, { isRequired: schema.required?.includes(key) ?? false, inside }),
  );
  const meanings = wordMeanings(entries);
  return rows.length === 0
    ? ['No settings.', '']
    : ['| key | value | when absent | |', '|---|---|---|---|', ...rows, '', ...meanings];
}

function row(key: string, schema: JsonSchema, { isRequired, inside }: { isRequired: boolean; inside: string }): string {
  const fallback = defaultOf(schema);
  const absent = fallback === null ? (isRequired ? '**required**' : '') : `\`${fallback}\``;
  return `| \`${key}\` | ${cell(schema, inside + key)} | ${absent} | ${meaningOf(schema)} |`;
}

/** What may stand there; groups and shared words are links to their sections. */
function cell(schema: JsonSchema, path: string): string {
  const links = linksOf(schema, path);
  const plain = kindOf({ anyOf: waysOf(schema).filter((way) => isPlain(way, schema)) });
  const unit = schema.unit === undefined ? '' : `, in ${schema.unit}`;
  return [...(plain === '' ? [] : [plain + unit]), ...links].join(' or ');
}

function isPlain(way: JsonSchema, schema: JsonSchema): boolean {
  const isBareWord = way.enum !== undefined && waysOf(schema).some(isChoice);
  return (
    !isBareWord && way.title === undefined && (way.properties === undefined || isChoice(way)) && itemLinks(way) === null
  );
}

function linksOf(schema: JsonSchema, path: string): string[] {
  const shared = sharedWays(schema).map((way) => `[${way.title}](#${anchorOf(sharedTitle(way))})`);
  const lists = waysOf(schema).flatMap((way) => itemLinks(way) ?? []);
  const groups = groupTitles(path, schema).map(
    (title) => `[${title.replace(/^.* (?=with )/, '')}](#${anchorOf(title)})`,
  );
  return [...new Set([...lists, ...shared, ...groups])];
}

function itemLinks(way: JsonSchema): string | null {
  const [shared] = way.type === 'array' && way.items ? sharedWays(way.items) : [];
  return shared === undefined
    ? null
    : `list of [${sharedTitle(shared).toLowerCase()}](#${anchorOf(sharedTitle(shared))})`;
}

/** The words of settings with their meanings, below the table; those with a section of their own are there. */
function wordMeanings(entries: readonly (readonly [string, JsonSchema])[]): string[] {
  const lists = new Map<string, string[]>();
  for (const [key, schema] of entries) {
    const items = waysOf(schema).flatMap((way) => (way.type === 'array' && way.items ? [way.items] : []));
    const owners = [schema, ...items].filter((one) => sharedWays(one).length === 0);
    const words = owners.flatMap((one) => [...wordsOf(one)]).filter(([, meaning]) => meaning !== '');
    const text = words.map(([word, meaning]) => `- \`${word}\`: ${meaning}`).join('\n');
    if (text !== '') {
      lists.set(text, [...(lists.get(text) ?? []), `\`${key}\``]);
    }
  }
  return [...lists].flatMap(([text, keys]) => [`${keys.join(' and ')}:`, '', text, '']);
}

function wordList(schema: JsonSchema): string[] {
  const words = isChoice(schema)
    ? [...choicesOf(schema)].map(([word, settings]) => `- \`${asWritten(word, settings)}\`: ${meaningOf(settings)}`)
    : [...wordsOf(schema)].map(([word, meaning]) => `- \`${word}\`: ${meaning}`);
  return [...words, ''];
}

function asWritten(word: string, settings: JsonSchema): string {
  const draft = usualDraft(settings);
  return draft.entries.length === 0 ? word : `${word}: ${printDraft(draft, {}, plainLeaf)}`;
}

/** One part for each word; settings that all of them have are listed once. */
function choiceLines(title: string, schema: JsonSchema): string[] {
  const words = [...choicesOf(schema)];
  const common = commonSettings(words.map(([, settings]) => settings));
  const names = Object.keys(common);
  const isCommon = (key: string, one: JsonSchema) => JSON.stringify(common[key]) === JSON.stringify(one);
  const shared =
    names.length === 0 ? [] : [`Every ${schema.title} takes:`, '', ...table({ properties: common }, title)];
  const parts = words.flatMap(([word, settings]) => {
    const own = Object.entries(settings.properties ?? {}).filter(([key, one]) => !isCommon(key, one));
    return [
      `### ${word}`,
      '',
      `${meaningOf(settings)} \`${asWritten(word, settings)}\``.trim(),
      '',
      ...table({ ...settings, properties: Object.fromEntries(own) }, word),
    ];
  });
  return [...shared, ...parts];
}

/** Settings that every word has, in the form that most of them have it. */
function commonSettings(words: readonly JsonSchema[]): Record<string, JsonSchema> {
  const names = Object.keys(words[0]?.properties ?? {});
  const everywhere = names.filter((name) => words.every((one) => Object.hasOwn(one.properties ?? {}, name)));
  return Object.fromEntries(everywhere.flatMap((name) => usualForm(name, words)));
}

function usualForm(name: string, words: readonly JsonSchema[]): [string, JsonSchema][] {
  const forms = words.map((one) => JSON.stringify(one.properties?.[name]));
  const counted = forms.map((form) => forms.filter((other) => other === form).length);
  const best = Math.max(...counted);
  const form = words[counted.indexOf(best)]?.properties?.[name];
  return form !== undefined && best > words.length / 2 ? [[name, form]] : [];
}
