/** Keys that are still free in a group, each with a first value where one is needed. */
import type { JsonSchema } from '../jsonSchema.ts';
import { printText } from '../printValue.ts';
import { isChoice, waysOf, wordsOf } from '../schemaWords.ts';
import type { Offer, OfferContext } from './completion.ts';
import { draftOf, printBlock, printDraft, settingsDraft, tabStops, usualDraft } from './draft.ts';
import { refersTo } from './names.ts';
import { settingLine, settingMarkdown } from './settingText.ts';

export function keyOffers(context: OfferContext): Offer[] {
  const { place } = context;
  const groups = fittingGroups(context);
  const free = new Map<string, { schema: JsonSchema; required: boolean; isWord: boolean }>();
  for (const group of groups) {
    for (const [key, schema] of Object.entries(group.properties ?? {})) {
      const required = groups.every((one) => one.required?.includes(key));
      if (!free.has(key) && !place.taken.includes(key)) {
        free.set(key, { schema, required, isWord: isChoice(group) });
      }
    }
  }
  const offers = [...free].map(([key, one]) => keyOffer(key, one, context));
  const isMissing = (offer: Offer) => free.get(offer.label)?.required === true;
  return [...offers.filter(isMissing), ...offers.filter((offer) => !isMissing(offer))];
}

/** The alternatives that have room beside what is there: a choice takes one word, and a split by rows no `time`. */
function fittingGroups({ schemas, place }: OfferContext): JsonSchema[] {
  const groups = schemas.filter((way) => way.properties !== undefined);
  const open = groups.filter((way) => !isChoice(way) || place.taken.length === 0);
  const fitting = open.filter((way) => place.taken.every((key) => Object.hasOwn(way.properties ?? {}, key)));
  return fitting.length > 0 ? fitting : open;
}

interface Key {
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly isWord: boolean;
}

function keyOffer(key: string, { schema, required, isWord }: Key, context: OfferContext): Offer {
  const { snippet, goesOn } = isWord ? wordSnippet(key, schema, context) : keySnippet(key, schema, context);
  return {
    label: key,
    kind: isWord ? 'layer' : 'key',
    snippet,
    goesOn,
    detail: isWord ? '' : settingLine(schema, required),
    markdown: isWord ? meaningWithSettings(schema) : settingMarkdown(schema, required),
  };
}

function meaningWithSettings(schema: JsonSchema): string {
  const settings = waysOf(schema).find((way) => way.properties !== undefined);
  const names = Object.keys(settings?.properties ?? {}).map((name) => `\`${name}\``);
  return [settings?.description ?? '', names.length === 0 ? '' : `Settings: ${names.join(', ')}`].join('\n\n').trim();
}

interface Snippet {
  readonly snippet: string;
  readonly goesOn: boolean;
}

/** A word of a choice with its usual settings: `dense: { units: 64 }`. */
function wordSnippet(word: string, schema: JsonSchema, { isJson, place }: OfferContext): Snippet {
  const settings = waysOf(schema).find((way) => way.properties !== undefined) ?? {};
  const draft = usualDraft(settings);
  const isBlockItem = !place.isFlow && typeof place.keys.at(-1) === 'number';
  if (draft.entries.length === 0 && isBlockItem) {
    return { snippet: printText(word), goesOn: false };
  }
  const print = printDraft(draft, { isJson }, tabStops());
  return { snippet: `${printText(word, { isJson })}: ${print === '{}' ? '{ $0 }' : print}`, goesOn: false };
}

function keySnippet(key: string, schema: JsonSchema, { isJson, place }: OfferContext): Snippet {
  const head = `${printText(key, { isJson })}:`;
  const ways = waysOf(schema);
  const group = ways.find((way) => way.properties !== undefined && !isChoice(way));
  const keys = [...place.keys, key];
  if (group !== undefined && ways.every((way) => way.properties !== undefined)) {
    const draft = settingsDraft(group);
    const isBlock = !place.isFlow && place.keys.length < 2;
    const inner = isBlock ? printBlock(draft, '  ', tabStops()) : printDraft(draft, { isJson }, tabStops());
    return {
      snippet: isBlock ? `${head}\n${inner === '' ? '  $0' : inner}` : `${head} ${inner === '{}' ? '{ $0 }' : inner}`,
      goesOn: draft.entries.length === 0,
    };
  }
  const isListed = wordsOf(schema).size > 0 || ways.some(isChoice) || refersTo(keys) !== null;
  const [only] = ways;
  const draft = draftOf(schema);
  const isGroups = 'items' in draft && draft.items.some((item) => 'entries' in item);
  if (isGroups && !place.isFlow) {
    return { snippet: `${head}\n${printBlock(draft, '  ', tabStops())}`, goesOn: false };
  }
  if (only?.type === 'array' && ways.length === 1) {
    const isOpen =
      refersTo(keys) !== null || (only.items !== undefined && only.items !== false && wordsOf(only.items).size > 0);
    return isOpen
      ? { snippet: `${head} [${isJson ? '"$1"' : '$1'}]`, goesOn: true }
      : { snippet: `${head} ${printDraft(draft, { isJson }, tabStops())}`, goesOn: false };
  }
  if (isListed) {
    return { snippet: `${head} $0`, goesOn: true };
  }
  const isText =
    ways.every((way) => way.type === 'string') && schema.example === undefined && schema.default === undefined;
  if (isText || ways.some((way) => typeof way.additionalProperties === 'object')) {
    return { snippet: `${head} ${isText ? (isJson ? '"$1"' : '$1') : '{ $1 }'}`, goesOn: false };
  }
  return { snippet: `${head} ${printDraft(draftOf(schema), { isJson }, tabStops())}`, goesOn: false };
}
