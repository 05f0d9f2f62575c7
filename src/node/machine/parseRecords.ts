/** Reads a list of objects out of what a program prints as JSON. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * @param key The list's key in the outermost object; without it the text itself is the list, or its only entry, as
 *   PowerShell writes a list of one.
 * @returns Empty for text that is no such JSON.
 */
export function parseRecords(text: string, key?: string): readonly JsonRecord[] {
  try {
    const parsed: unknown = JSON.parse(text);
    const list = key !== undefined && isRecord(parsed) ? parsed[key] : parsed;
    return (Array.isArray(list) ? list : [list]).filter(isRecord);
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
