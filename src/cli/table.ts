/** Tables and safe text for a terminal. */

/** Columns padded to the widest cell; those named in `right` (by index) are right-aligned. */
export function formatTable(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/**
 * One line that a terminal does not obey, whatever stands in a recipe or a file name: control characters are shown as a
 * mark, line breaks and tabs as a space.
 */
export function printable(text: string): string {
  return [...text.replace(/[\t\r\n]+/g, ' ')]
    .map((letter) => (isControl(letter.codePointAt(0) ?? 0) ? '\u{fffd}' : letter))
    .join('');
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
