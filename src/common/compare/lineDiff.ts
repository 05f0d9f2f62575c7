/** Which lines of a text were taken away and which put in: what a terminal shows before it changes a file. */

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** By the longest common subsequence; recipes are short. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [before, after].map((text) => text.split(/\r?\n/));
  if (a === undefined || b === undefined) {
    return [];
  }
  const width = b.length + 1;
  /** Length of the longest common subsequence of the rests from i and j on. */
  const common = new Int32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const place = i * width + j;
      common[place] =
        a[i] === b[j]
          ? (common[place + width + 1] ?? 0) + 1
          : Math.max(common[place + width] ?? 0, common[place + 1] ?? 0);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || down(i, j) >= across(i, j))) {
      lines.push({ kind: 'removed', text: left });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: right ?? '' });
      j += 1;
    }
  }
  return lines;

  function down(row: number, column: number): number {
    return common[(row + 1) * width + column] ?? 0;
  }
  function across(row: number, column: number): number {
    return common[row * width + column + 1] ?? 0;
  }
}

/** Only what is near a change; null marks where lines were left out. */
export function nearChanges(lines: readonly DiffLine[], around = 2): (DiffLine | null)[] {
  const isNear = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap((line, index) => {
    if (isNear[index] === true) {
      return [line];
    }
    return index > 0 && isNear[index - 1] === true && isNear.slice(index).includes(true) ? [null] : [];
  });
}
