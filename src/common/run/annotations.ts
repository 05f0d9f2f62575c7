/** What a person writes about a run: star, tags, note, archived. It lies beside the events and never touches them. */

export interface RunAnnotations {
  readonly starred: boolean;
  /** Words without spaces or commas, each once. */
  readonly tags: readonly string[];
  readonly note: string;
  /** Left out of lists unless they are asked for it. */
  readonly archived: boolean;
}

/** What is to become different; what is absent stays. */
export interface AnnotationChange {
  readonly starred?: boolean;
  readonly archived?: boolean;
  readonly note?: string;
  /** All tags, in place of those before. */
  readonly tags?: readonly string[];
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
}

/** `newer`: written by a later Skillet, so it must not be written over. `damaged`: nothing in it can be used. */
export type AnnotationsState = 'whole' | 'damaged' | 'newer';

const VERSION = 1;
const MOST_TAGS = 50;
const MOST_TAG_LETTERS = 60;
const MOST_NOTE_LETTERS = 10_000;

export const NO_ANNOTATIONS: RunAnnotations = { starred: false, tags: [], note: '', archived: false };

/** Reads what a file holds, as far as it can be understood: a list never fails for a note. */
export function parseAnnotations(text: string): { annotations: RunAnnotations; state: AnnotationsState } {
  const value = toObject(text);
  if (value === null || typeof value.version !== 'number') {
    return { annotations: NO_ANNOTATIONS, state: 'damaged' };
  }
  return {
    annotations: {
      starred: value.starred === true,
      tags: Array.isArray(value.tags) ? cleanTags(value.tags.filter((tag) => typeof tag === 'string')) : [],
      note: typeof value.note === 'string' ? cleanNote(value.note) : '',
      archived: value.archived === true,
    },
    state: value.version > VERSION ? 'newer' : 'whole',
  };
}

export function printAnnotations(annotations: RunAnnotations): string {
  return `${JSON.stringify({ version: VERSION, ...annotations }, null, 2)}\n`;
}

export function changeAnnotations(now: RunAnnotations, change: AnnotationChange): RunAnnotations {
  const removed = new Set(cleanTags(change.removeTags ?? []).map(fold));
  const kept = cleanTags([...(change.tags ?? now.tags), ...(change.addTags ?? [])]);
  return {
    starred: change.starred ?? now.starred,
    tags: kept.filter((tag) => !removed.has(fold(tag))),
    note: cleanNote(change.note ?? now.note),
    archived: change.archived ?? now.archived,
  };
}

/** The tags in what a person typed: words between spaces or commas, with or without `#`. */
export function parseTags(text: string): string[] {
  return cleanTags(text.split(/[\s,]+/));
}

function cleanTags(tags: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const tag of tags) {
    const word = withoutControls(tag)
      .replace(/[\s,"]+/g, '-')
      .replace(/^[#-]+|-+$/g, '')
      .slice(0, MOST_TAG_LETTERS);
    if (word !== '' && !seen.has(fold(word))) {
      seen.set(fold(word), word);
    }
  }
  return [...seen.values()].slice(0, MOST_TAGS);
}

function cleanNote(note: string): string {
  return withoutControls(note.replaceAll('\r\n', '\n')).trim().slice(0, MOST_NOTE_LETTERS);
}

/** Line breaks and tabs stay. */
function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '');
}

function fold(tag: string): string {
  return tag.toLowerCase();
}

function toObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
