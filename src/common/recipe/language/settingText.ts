/** A setting or a word in Markdown, for hovers and completion: meaning, kind, range, unit, default. */
import type { FieldKeys } from '../fieldPath.ts';
import { fieldsAt, type JsonSchema, LANGUAGE, schemasAt } from '../jsonSchema.ts';
import { defaultOf, isChoice, kindOf, meaningOf, waysOf, wordsOf } from '../schemaWords.ts';

/** What the language says of the field at `keys`, over every alternative; null where no such field is. */
export function settingAt(keys: FieldKeys): JsonSchema | null {
  const found = fieldsAt(LANGUAGE, keys);
  const [first] = found;
  return first === undefined || found.length === 1 ? (first ?? null) : { ...first, anyOf: found.flatMap(waysOf) };
}

/** Whether every alternative of the group around the field needs it. */
export function isRequired(keys: FieldKeys): boolean {
  const last = keys.at(-1);
  const groups = schemasAt(LANGUAGE, keys.slice(0, -1)).filter((way) =>
    Object.hasOwn(way.properties ?? {}, last ?? ''),
  );
  return typeof last === 'string' && groups.length > 0 && groups.every((way) => way.required?.includes(last));
}

/** Whether the last key is one word of a choice (a layer, an optimizer), and not a setting. */
export function isWord(keys: FieldKeys): boolean {
  const last = keys.at(-1);
  return schemasAt(LANGUAGE, keys.slice(0, -1)).some(
    (way) => isChoice(way) && Object.hasOwn(way.properties ?? {}, last ?? ''),
  );
}

/** `whole number, ≥ 1, in rows · 32 when absent`: one line for lists. */
export function settingLine(setting: JsonSchema, required: boolean): string {
  const fallback = defaultOf(setting);
  const kind = kindOf(setting).replaceAll('`', '');
  const unit = setting.unit === undefined ? '' : `, in ${setting.unit}`;
  const absent = fallback === null ? (required ? ' · required' : '') : ` · ${fallback} when absent`;
  return `${kind}${unit}${absent}`;
}

/** The whole of it: the line, the meaning, and its words with theirs. */
export function settingMarkdown(setting: JsonSchema, required: boolean): string {
  const words = [...wordsOf(setting)].filter(([, meaning]) => meaning !== '');
  const isBare = waysOf(setting).some(isChoice);
  const list = isBare || words.length > 16 ? '' : words.map(([word, meaning]) => `- \`${word}\` ${meaning}`).join('\n');
  return [meaningOf(setting), `*${settingLine(setting, required)}*`, list].filter((text) => text !== '').join('\n\n');
}
