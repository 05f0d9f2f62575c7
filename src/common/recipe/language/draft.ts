/** First values for a setting: what is inserted for a missing key, and the tab stops of a snippet. */
import type { JsonSchema } from '../jsonSchema.ts';
import { type PrintStyle, printFlow, printText } from '../printValue.ts';
import { choicesOf, isChoice, waysOf, wordsOf } from '../schemaWords.ts';

/** A value whose leaves a person is to look at. */
export type Draft =
  | { readonly leaf: unknown; readonly words?: readonly string[] }
  | { readonly entries: readonly (readonly [string, Draft])[] }
  | { readonly items: readonly Draft[] };

/** What a setting may begin with: its example, its default, its first word, or the least that it allows. */
export function draftOf(schema: JsonSchema): Draft {
  const example = schema.example ?? waysOf(schema).find((way) => way.example !== undefined)?.example;
  const fallback = typeof schema.default === 'object' ? undefined : schema.default;
  const words = [...wordsOf(schema).keys()];
  const first = example ?? fallback;
  if (typeof first === 'object' && first !== null) {
    return draftOfValue(first);
  }
  if (first !== undefined) {
    return words.length > 1 ? { leaf: first, words } : { leaf: first };
  }
  const way = waysOf(schema)[0] ?? {};
  return draftOfWay(way, words);
}

function draftOfWay(way: JsonSchema, words: readonly string[]): Draft {
  if (isChoice(way)) {
    const [word, settings] = [...choicesOf(way)][0] ?? ['', {}];
    return { entries: [[word, settingsDraft(settings)]] };
  }
  if (way.properties !== undefined) {
    return settingsDraft(way);
  }
  if (way.type === 'array') {
    return { items: [...(way.prefixItems ?? [way.items || {}])].map(draftOf) };
  }
  if (words.length > 0) {
    return { leaf: words[0], words };
  }
  const isNumber = way.type === 'integer' || way.type === 'number';
  return { leaf: isNumber ? leastOf(way) : '' };
}

function leastOf(way: JsonSchema): number {
  const { minimum, exclusiveMinimum, maximum } = way;
  const start = minimum ?? (exclusiveMinimum === undefined ? 0 : exclusiveMinimum + (way.type === 'integer' ? 1 : 0.1));
  return Math.abs(start) >= Number.MAX_SAFE_INTEGER ? 0 : Math.min(start, maximum ?? start);
}

/** The settings that a group cannot do without; its example where it has one, for what it needs may not be said by keys. */
export function settingsDraft(schema: JsonSchema): Extract<Draft, { entries: unknown }> {
  const required = schema.required ?? [];
  const example = schema.example === undefined ? null : draftOfValue(schema.example);
  if (example !== null && 'entries' in example) {
    return example;
  }
  return { entries: required.map((key) => [key, draftOf(schema.properties?.[key] ?? {})] as const) };
}

/** The required settings, or where there are none the first that have a number or a word as default. */
export function usualDraft(schema: JsonSchema): Extract<Draft, { entries: unknown }> {
  const needed = settingsDraft(schema);
  const optional = Object.entries(schema.properties ?? {}).filter(([, one]) => typeof one.default === 'number');
  return needed.entries.length > 0
    ? needed
    : { entries: optional.slice(0, 2).map(([key, one]) => [key, { leaf: one.default }] as const) };
}

function draftOfValue(value: unknown): Draft {
  if (Array.isArray(value)) {
    return { items: value.map(draftOfValue) };
  }
  if (typeof value === 'object' && value !== null) {
    return { entries: Object.entries(value).map(([key, inner]) => [key, draftOfValue(inner)] as const) };
  }
  return { leaf: value };
}

/** Writes leaves: as plain text, or as numbered tab stops. */
export type LeafWriter = (text: string, words: readonly string[] | undefined) => string;

export const plainLeaf: LeafWriter = (text) => text;

/** Tab stops in VS Code's snippet syntax, counted from 1; a choice lists its words. */
export function tabStops(): LeafWriter {
  let count = 0;
  return (text, words) => {
    count += 1;
    const escaped = (piece: string) => piece.replace(/[\\$}]/g, '\\$&');
    if (words === undefined || words.length < 2 || text.startsWith('"')) {
      return `\${${count}:${escaped(text)}}`;
    }
    const others = words.filter((word) => word !== text).map((word) => escaped(word).replace(/[,|]/g, '\\$&'));
    return `\${${count}|${[escaped(text), ...others].join(',')}|}`;
  };
}

export function printDraft(draft: Draft, style: PrintStyle, leaf: LeafWriter): string {
  if ('leaf' in draft) {
    return leaf(printFlow(draft.leaf, style), draft.words);
  }
  if ('items' in draft) {
    return `[${draft.items.map((item) => printDraft(item, style, leaf)).join(', ')}]`;
  }
  const entries = draft.entries.map(([key, inner]) => `${printText(key, style)}: ${printDraft(inner, style, leaf)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** A group in block style, each entry on its own line behind `indent`; lists of groups with dashes. */
export function printBlock(draft: Draft, indent: string, leaf: LeafWriter): string {
  if ('entries' in draft) {
    const lines = draft.entries.map(([key, inner]) => `${indent}${printText(key)}: ${printDraft(inner, {}, leaf)}`);
    return lines.join('\n');
  }
  if ('items' in draft) {
    return draft.items.map((item) => `${indent}- ${bareEntry(item, leaf)}`).join('\n');
  }
  return indent + printDraft(draft, {}, leaf);
}

/** `dense: { units: 64 }`: an entry of a list needs no braces around a single key. */
function bareEntry(item: Draft, leaf: LeafWriter): string {
  const only = 'entries' in item && item.entries.length === 1 ? item.entries[0] : undefined;
  return only === undefined ? printDraft(item, {}, leaf) : `${only[0]}: ${printDraft(only[1], {}, leaf)}`;
}
