/** The sections of the reference page, found by walking the language: each group of settings once, each choice once. */
import type { FieldKeys } from './fieldPath.ts';
import { type JsonSchema, LANGUAGE, schemasAt } from './jsonSchema.ts';
import { choicesOf, isChoice, waysOf } from './schemaWords.ts';

export interface Section {
  readonly title: string;
  readonly schema: JsonSchema;
  /** A group has a table; a choice has one for each of its words; words are a list. */
  readonly kind: 'group' | 'choice' | 'words';
}

const ROOT = 'A recipe';

/** Groups in the order of the language, then what several groups share. */
export function referenceSections(language: JsonSchema = LANGUAGE): Section[] {
  const shared = new Map<string, Section>();
  const groups = groupSections(ROOT, language, { path: '', shared });
  return [...groups, ...shared.values()];
}

interface Walk {
  readonly path: string;
  readonly shared: Map<string, Section>;
}

function groupSections(title: string, schema: JsonSchema, walk: Walk): Section[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
    valueSections(one, { ...walk, path: walk.path === '' ? key : `${walk.path}.${key}` }),
  );
  return [{ title, schema, kind: 'group' }, ...inner];
}

function valueSections(schema: JsonSchema, walk: Walk): Section[] {
  const groups = groupWays(schema);
  return waysOf(schema).flatMap((way) => {
    if (way.title !== undefined) {
      noteShared(way, walk.shared);
      return [];
    }
    if (way.type === 'array') {
      return [...(way.prefixItems ?? []), ...(way.items ? [way.items] : [])].flatMap((item) =>
        valueSections(item, { ...walk, path: `${walk.path}[]` }),
      );
    }
    if (typeof way.additionalProperties === 'object') {
      return valueSections(way.additionalProperties, { ...walk, path: `${walk.path}.name` });
    }
    return way.properties === undefined ? [] : groupSections(groupTitle(walk.path, way, groups), way, walk);
  });
}

function noteShared(way: JsonSchema, shared: Map<string, Section>): void {
  const title = sharedTitle(way);
  if (shared.has(title)) {
    return;
  }
  shared.set(title, { title, schema: way, kind: sharedKind(way) });
  for (const settings of choicesOf(way).values()) {
    const inner = groupSections('', settings, { path: title, shared });
    for (const section of inner.slice(1)) {
      shared.set(section.title, section);
    }
  }
}

function sharedKind(way: JsonSchema): Section['kind'] {
  if (way.enum !== undefined || isListed(way)) {
    return 'words';
  }
  return isChoice(way) ? 'choice' : 'group';
}

/** A choice whose words mostly stand alone is a list of words. */
function isListed(way: JsonSchema): boolean {
  const words = [...choicesOf(way).values()];
  return (
    words.length > 0 && words.filter((one) => Object.keys(one.properties ?? {}).length === 0).length > words.length / 2
  );
}

function groupWays(schema: JsonSchema): JsonSchema[] {
  return waysOf(schema).filter((way) => way.properties !== undefined && !isChoice(way) && way.title === undefined);
}

/** `data.test with rows` where several groups may stand there: by the key that only this one needs. */
function groupTitle(path: string, way: JsonSchema, ways: readonly JsonSchema[]): string {
  const own = way.required?.find((key) => ways.every((other) => other === way || !other.required?.includes(key)));
  const distinct = own ?? Object.keys(way.properties ?? {})[0] ?? '';
  return ways.length > 1 ? `${path} with ${distinct}` : path;
}

/** `Layers`, the section of all that is called a layer. */
export function sharedTitle(way: JsonSchema): string {
  const title = way.title ?? '';
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}s`;
}

/** Titles of the sections that say what may stand in a setting that is a group. */
export function groupTitles(path: string, schema: JsonSchema): string[] {
  const groups = groupWays(schema);
  return groups.map((way) => groupTitle(path, way, groups));
}

/** The anchor that Markdown viewers give to a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** The anchor of the section that tells of the field at `keys`. */
export function sectionOf(keys: FieldKeys): string {
  let title = ROOT;
  let path = '';
  keys.forEach((key, index) => {
    path = typeof key === 'number' ? `${path}[]` : path === '' ? key : `${path}.${key}`;
    const outer = schemasAt(LANGUAGE, keys.slice(0, index));
    const choice = outer.find((way) => isChoice(way) && Object.hasOwn(way.properties ?? {}, key));
    const here = schemasAt(LANGUAGE, keys.slice(0, index + 1));
    if (choice !== undefined) {
      title = isListed(choice) ? sharedTitle(choice) : String(key);
    } else {
      title = groupTitles(path, { anyOf: here })[0] ?? title;
    }
  });
  return anchorOf(title);
}
