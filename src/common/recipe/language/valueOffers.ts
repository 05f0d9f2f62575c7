/** Values that a setting may take: words with their meaning, parameters, columns, layers, measures, files. */
import { fieldsAt, type JsonSchema, LANGUAGE, REFERENCE, schemasAt } from '../jsonSchema.ts';
import { INPUT } from '../nameLayers.ts';
import { printText } from '../printValue.ts';
import { choicesOf, isChoice, meaningOf } from '../schemaWords.ts';
import type { Offer, OfferContext } from './completion.ts';
import { printDraft, tabStops, usualDraft } from './draft.ts';
import { layersOf, paramsOf, refersTo } from './names.ts';
import { type RecipeText, readRecipeText } from './recipeText.ts';

/** @param withGroups Whether a word with its settings fits: behind a colon, and not where a bare entry begins. */
export function valueOffers(context: OfferContext, withGroups: boolean): Offer[] {
  const { schemas, place } = context;
  // Parsed with the cursor's line as it is: names stand on other lines.
  const recipe = context.recipe ?? readRecipeText(context.text);
  const words = schemas.flatMap((way) => wordOffers(way, context));
  const groups = withGroups ? schemas.filter(isChoice).flatMap((way) => choiceOffers(way, context)) : [];
  const names = refersTo(place.keys);
  const named = names === null ? [] : nameOffers(names, recipe, context);
  // Text is text, though any of it may be a parameter: only what is listed or counted is offered one.
  const takesParam =
    names !== 'layer' &&
    names !== 'csv' &&
    schemas.some((way) => way.pattern === REFERENCE.pattern || way.type === 'array');
  const params = takesParam ? paramOffers(recipe, context) : [];
  const items = isOpenList(context) ? listOffers(context) : [];
  return unique([...named, ...words, ...groups, ...items, ...params]);
}

function unique(offers: readonly Offer[]): Offer[] {
  return [...new Map(offers.map((offer) => [`${offer.label} ${offer.kind}`, offer])).values()];
}

/** Text for a snippet: quoted where it must be, its signs escaped. */
function asSnippet(text: string, isJson: boolean): string {
  return printText(text, { isJson }).replace(/[\\$}]/g, '\\$&');
}

function wordOffers(way: JsonSchema, { isJson }: OfferContext): Offer[] {
  if (way.type === 'boolean') {
    return ['true', 'false'].map((label) => ({ label, kind: 'word', snippet: label, detail: '', markdown: '' }));
  }
  const words = [...(way.enum ?? []), ...(way.const === undefined ? [] : [way.const])];
  return words.map((word, index) => {
    const meaning = way.enumDescriptions?.[index] ?? '';
    const text = typeof word === 'string' ? asSnippet(word, isJson) : String(word);
    return { label: String(word), kind: 'word', snippet: text, detail: meaning, markdown: '' };
  });
}

/** `{ adam: { learningRate: 0.001 } }`: a word of a choice with its usual settings. */
function choiceOffers(way: JsonSchema, { isJson }: OfferContext): Offer[] {
  return [...choicesOf(way)].flatMap(([word, settings]) => {
    const draft = usualDraft(settings);
    if (draft.entries.length === 0) {
      return [];
    }
    const inner = printDraft(draft, { isJson }, tabStops());
    const snippet = `{ ${printText(word, { isJson })}: ${inner} }`;
    return { label: `${word} { … }`, kind: 'layer', snippet, detail: 'with settings', markdown: meaningOf(settings) };
  });
}

function paramOffers(recipe: RecipeText, { isJson }: OfferContext): Offer[] {
  return paramsOf(recipe).map(({ name, value }) => ({
    label: `$${name}`,
    kind: 'parameter',
    snippet: asSnippet(`$${name}`, isJson),
    detail: `now ${value}`,
    markdown: `A parameter of this recipe, now \`${value}\`.`,
  }));
}

function nameOffers(
  names: NonNullable<ReturnType<typeof refersTo>>,
  recipe: RecipeText,
  context: OfferContext,
): Offer[] {
  const { isJson, columns, files } = context;
  const offer = (label: string, kind: Offer['kind'], detail: string): Offer => ({
    label,
    kind,
    snippet: asSnippet(label, isJson),
    detail,
    markdown: '',
  });
  switch (names) {
    case 'column':
      return (columns ?? [])
        .filter((name) => !isListedAlready(name, context, recipe))
        .map((name) => offer(name, 'column', 'column'));
    case 'csv':
      return (files ?? []).map((file) => offer(file, 'file', 'CSV file'));
    case 'measure':
      return measuresOf(recipe).map((name) => offer(name, 'word', ''));
    default: {
      const index = context.place.keys.find((key) => typeof key === 'number') ?? Number.POSITIVE_INFINITY;
      const above = layersOf(recipe).filter((layer) => layer.index < Number(index));
      return [
        ...above.reverse().map(({ name, type }) => offer(name, 'name', type)),
        offer(INPUT, 'name', 'the data itself'),
      ];
    }
  }
}

/** A column is named once in a list. */
function isListedAlready(name: string, { place }: OfferContext, recipe: RecipeText): boolean {
  const isItem = typeof place.keys.at(-1) === 'number';
  const prefix = place.keys.slice(0, -1).join('.');
  return (
    isItem && recipe.fields.some(({ keys, node }) => keys.slice(0, -1).join('.') === prefix && String(node) === name)
  );
}

/** What training measures: the loss and the metrics, and each on the validation rows where there are any. */
function measuresOf(recipe: RecipeText): string[] {
  const metrics = recipe.fields.filter(({ keys }) => keys[0] === 'train' && keys[1] === 'metrics' && keys.length === 3);
  const names = ['loss', ...metrics.map(({ node }) => String(node))];
  const hasValidation = recipe.at('train.validationSplit') !== undefined;
  return hasValidation ? [...names.map((name) => `val_${name}`), ...names] : names;
}

/** Behind the colon of a list: its brackets. */
function isOpenList({ schemas, place }: OfferContext): boolean {
  return (
    place.wants === 'value' &&
    place.quote === null &&
    schemas.some((way) => way.type === 'array') &&
    typeof place.keys.at(-1) === 'string'
  );
}

function listOffers({ place, isJson }: OfferContext): Offer[] {
  const items = schemasAt(LANGUAGE, [...place.keys, 0]);
  const hasWords = items.some((way) => way.enum !== undefined || way.type === 'string');
  const [field] = fieldsAt(LANGUAGE, place.keys);
  const snippet = hasWords && isJson ? '["$1"]' : '[$1]';
  return [{ label: '[ … ]', kind: 'word', snippet, detail: 'a list', markdown: meaningOf(field ?? {}), goesOn: true }];
}
