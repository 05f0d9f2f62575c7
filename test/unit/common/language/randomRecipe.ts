/** Makes YAML with random nesting, spacing, comments, quotes and blank lines, always the same from one seed. */

/** A stream of numbers in 0…1 (mulberry32). */
export function generateNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Next = () => number;

const pick = <T>(next: Next, from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
const spaces = (next: Next, least: number) => ' '.repeat(least + Math.floor(next() * 3));

const WORDS = [
  'relu',
  '64',
  '1e-4',
  '.5',
  '"a: b # c"',
  "'it''s'",
  '$units',
  'true',
  'two words',
  '-0.01',
  '~',
  '"64"',
];

export function randomRecipe(next: Next): string {
  let comments = 0;
  const comment = () => {
    comments += 1;
    return `#c${comments} note: [x`;
  };
  const tail = () => (next() < 0.2 ? `${spaces(next, 1)}${comment()}` : next() < 0.2 ? '  ' : '');
  const between = (indent: string) =>
    (next() < 0.15 ? '\n'.repeat(1 + Math.floor(next() * 3)) : '') + (next() < 0.15 ? `${indent}${comment()}\n` : '');
  const flow = (depth: number): string => {
    const count = Math.floor(next() * 4);
    const gap = () => pick(next, ['', ' ', '  ']);
    const isMap = next() < 0.6;
    const entry = (index: number) => {
      const value =
        depth > 0 && next() < 0.4
          ? flow(depth - 1)
          : pick(
              next,
              WORDS.filter((word) => word !== 'two words'),
            );
      return isMap ? `key${index}:${spaces(next, 1)}${value}` : value;
    };
    const text = Array.from({ length: count }, (_, index) => entry(index)).join(`${gap()},${spaces(next, 1)}`);
    return isMap ? `{${gap()}${text}${gap()}}` : `[${gap()}${text}${gap()}]`;
  };
  const block = (indent: string, depth: number): string => {
    const isList = next() < 0.3 && indent !== '';
    const step = spaces(next, 1);
    return Array.from({ length: 1 + Math.floor(next() * 4) }, (_, index) => {
      const head = `${between(indent)}${indent}${isList ? '-' : `key${index}:`}`;
      const choice = next();
      if (depth > 0 && choice < 0.4) {
        return `${head}${tail()}\n${block(`${indent}${isList ? ' ' : ''}${step}`, depth - 1)}`;
      }
      return choice < 0.7
        ? `${head}${spaces(next, 1)}${flow(2)}${tail()}\n`
        : `${head}${spaces(next, 1)}${pick(next, WORDS)}${tail()}\n`;
    }).join('');
  };
  return block('', 3);
}
