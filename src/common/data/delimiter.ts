/** Which sign parts the fields of a CSV file. */

export const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;

export type Delimiter = keyof typeof DELIMITERS;

/** The sign that stands most often in the header, outside quotes; a comma where none leads. */
export function findDelimiter(text: string): Delimiter {
  const counts: Record<Delimiter, number> = { ',': 0, ';': 0, '\t': 0 };
  let isQuoted = false;
  for (const letter of text.trimStart()) {
    if (letter === '"') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && (letter === '\n' || letter === '\r')) {
      break;
    } else if (!isQuoted && Object.hasOwn(counts, letter)) {
      counts[letter as Delimiter] += 1;
    }
  }
  return (Object.keys(counts) as Delimiter[]).reduce((best, sign) => (counts[sign] > counts[best] ? sign : best), ',');
}
