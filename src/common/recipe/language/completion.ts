/** What may be written at a place of a recipe: free keys, words, parameters, names; each with the text that it inserts. */
import { LANGUAGE, schemasAt } from '../jsonSchema.ts';
import { type CursorPlace, cursorPlace } from './cursor.ts';
import { keyOffers } from './keyOffers.ts';
import { isJsonText, type RecipeText, type TextEdit } from './recipeText.ts';
import { recipeSkeleton } from './skeleton.ts';
import { valueOffers } from './valueOffers.ts';

/** One thing that may be written, without regard to quotes and commas. */
export interface Offer {
  /** What is shown and searched. */
  readonly label: string;
  readonly kind: 'key' | 'layer' | 'word' | 'parameter' | 'column' | 'name' | 'file' | 'recipe';
  /** What is inserted; snippet syntax, in which `$`, `}` and `\` of plain text are escaped. */
  readonly snippet: string;
  /** One line beside the label. */
  readonly detail: string;
  readonly markdown: string;
  /** Whether values are to be offered at once behind it. */
  readonly goesOn?: boolean;
}

export interface Completion extends Offer, TextEdit {
  /** What the typed text is compared with; the quote belongs to it. */
  readonly filter: string;
  /** Changes elsewhere: a comma that is missing before. */
  readonly before: readonly TextEdit[];
  readonly rank: number;
}

/** What lies around the recipe and can be named in it. */
export interface Surroundings {
  /** Columns of the CSV file. */
  readonly columns?: readonly string[];
  /** Paths of CSV files, relative to the recipe. */
  readonly files?: readonly string[];
}

export interface Ask extends Surroundings {
  /** Whether the file is JSON by its name; by its text when absent. */
  readonly isJson?: boolean;
  /** The same text, where it is read already. */
  readonly recipe?: RecipeText;
}

/** @param offset Place of the cursor in `text`. */
export function complete(text: string, offset: number, ask: Ask = {}): Completion[] {
  const isJson = ask.isJson === true || isJsonText(text);
  if (/^\s*(?:\{\s*\}?)?\s*$/.test(text) && (isJson || text.trim() === '')) {
    return [wholeRecipe(text, isJson)];
  }
  const place = cursorPlace(text, offset);
  if (place === null) {
    return [];
  }
  const context: OfferContext = { ...ask, text, place, isJson, schemas: schemasAt(LANGUAGE, place.keys) };
  const keys = place.wants === 'key' ? keyOffers(context) : [];
  // After a dash stands a key or, in a list of plain values, a value.
  const isPlainItem = typeof place.keys.at(-1) === 'number' && !place.isFlow && place.taken.length === 0;
  const values = place.wants === 'value' || isPlainItem ? valueOffers(context, place.wants === 'value') : [];
  const labels = new Set(keys.map(({ label }) => label));
  const all = [...keys, ...values.filter(({ label }) => !labels.has(label))];
  const offers = place.quote === null || isJson ? all : all.filter(isWord);
  return offers.map((offer, rank) => placed(offer, rank, { text, offset, place, isJson }));
}

/** All that offers are made from. */
export interface OfferContext extends Surroundings {
  readonly text: string;
  readonly recipe?: RecipeText;
  readonly place: CursorPlace;
  readonly isJson: boolean;
  readonly schemas: ReturnType<typeof schemasAt>;
}

/** Inside a quote that a person has typed in YAML only words fit. */
function isWord({ snippet }: Offer): boolean {
  return !/[{[\n]/.test(snippet.replaceAll('${', ''));
}

function wholeRecipe(text: string, isJson: boolean): Completion {
  return {
    label: 'recipe',
    kind: 'recipe',
    snippet: recipeSkeleton({ isJson }),
    detail: 'a whole recipe to start from',
    markdown: 'A small network that predicts one column of a CSV file from all others.',
    filter: 'recipe',
    start: 0,
    end: text.length,
    text: '',
    before: [],
    rank: 0,
  };
}

interface Target {
  readonly text: string;
  readonly offset: number;
  readonly place: CursorPlace;
  readonly isJson: boolean;
}

/** Puts an offer at its place: over the half-typed word and its quotes, with the commas that JSON and braces want. */
function placed(offer: Offer, rank: number, { text, offset, place, isJson }: Target): Completion {
  const rest =
    (/^[\w$ ./-]*(?=["'])/.exec(place.quote === null ? '' : text.slice(offset)) ??
      /^[\w$./-]*/.exec(text.slice(offset)))?.[0].length ?? 0;
  const closing = place.quote !== null && text[offset + rest] === place.quote ? 1 : 0;
  const end = offset + rest + closing;
  const after = text.slice(end);
  const isKey = place.wants === 'key' && (offer.kind === 'key' || offer.kind === 'layer');
  const hasColon = isKey && /^\s*:/.test(after);
  const quoted = place.quote === "'" ? `'${offer.label}'` : `"${offer.label}"`;
  const keyAlone = isJson || place.quote !== null ? quoted : offer.label;
  const isQuoted = place.quote !== null && !isJson && !isKey;
  const own = hasColon
    ? keyAlone
    : isQuoted
      ? `${place.quote}${offer.snippet.replace(/^["']|["']$/g, '')}${place.quote}`
      : offer.snippet;
  // `activation:|`: YAML wants a space behind the colon.
  const needsSpace = text[place.start - 1] === ':' && !isJson;
  const needsComma = place.isFlow && !hasColon && /^\s*(?:["'{[\w$])/.test(after) && !after.startsWith(':');
  return {
    ...offer,
    snippet: `${needsSpace ? ' ' : ''}${own}${needsComma ? (after.startsWith(' ') || after.startsWith('\n') ? ',' : ', ') : ''}`,
    filter: place.quote === null ? offer.label : `${place.quote}${offer.label}${place.quote}`,
    start: place.start,
    end,
    text: '',
    before: place.needsComma ? [commaBefore(text, place.start)] : [],
    rank,
  };
}

function commaBefore(text: string, start: number): TextEdit {
  const at = text.slice(0, start).trimEnd().length;
  return { start: at, end: at, text: ',' };
}
