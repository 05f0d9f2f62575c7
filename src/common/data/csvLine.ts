/** A line of a CSV file, in the form of RFC 4180 and without its end. */

/** A number that is not finite is an empty field. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells.map(toField).join(',');
}

function toField(cell: string | number | null): string {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) {
    return '';
  }
  const text = String(cell);
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
