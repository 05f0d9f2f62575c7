/** The column names of a CSV file, from the first bytes of it. */
import { findDelimiter } from '../../data/delimiter.ts';

/** @param start The beginning of the file; a line that it cuts off is not the header. */
export function csvHeader(start: string): string[] {
  const text = start.replace(/^\uFEFF?(?:[ \t]*\r?\n)*/, '');
  const delimiter = findDelimiter(text);
  const names: string[] = [];
  let name = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (letter === '"' && isQuoted && text[at + 1] === '"') {
      name += '"';
      at += 1;
    } else if (letter === '"' && (isQuoted || name.trim() === '')) {
      isQuoted = !isQuoted;
    } else if (letter === delimiter && !isQuoted) {
      names.push(name.trim());
      name = '';
    } else if (letter === '\n' && !isQuoted) {
      break;
    } else {
      name += letter;
    }
  }
  return [...names, name.trim()].filter((one) => one !== '');
}
