/** Finds in any text the names of recipes and of runs. */

export interface Mention {
  readonly kind: 'recipe' | 'run';
  /** A recipe as it is written, perhaps with folders before it; of a run the folder's name alone. */
  readonly name: string;
}

/** No name is longer; and a line of data must not cost anything. */
const LONGEST_LINE = 2000;

const RECIPE = /[^\s"'`()[\]{}<>,;|=]+\.recipe\.(?:ya?ml|json)(?![\w-])/g;
const RUN_PATH = /\.skillet[\\/]+runs[\\/]+([\w.-]+)/g;
/** As runs are named that were given no other name: `20261124-121500-boston-housing`. */
const RUN_NAME = /(?<![\w-])\d{8}-\d{6}-[a-z0-9][a-z0-9-]*/g;

/** The names on a line, in their order; nothing is looked up. */
export function mentionsIn(line: string): Mention[] {
  if (line.length > LONGEST_LINE) {
    return [];
  }
  const found = [
    ...matches(line, RECIPE, 'recipe'),
    ...matches(line, RUN_PATH, 'run'),
    ...matches(line, RUN_NAME, 'run'),
  ];
  const inOrder = found.sort((a, b) => a.at - b.at);
  return inOrder.map(({ kind, name }) => ({ kind, name }));
}

function matches(line: string, pattern: RegExp, kind: Mention['kind']): (Mention & { readonly at: number })[] {
  return [...line.matchAll(pattern)].map((match) => ({ kind, name: match[1] ?? match[0], at: match.index }));
}
