/** `skillet fetch`: brings a named data set onto this machine before a recipe needs it. */
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import { DATASET_NAMES, DATASETS } from '../common/recipe/datasets.ts';
import { fetchDatasetHere } from './datasetHere.ts';
import { printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const options = { mirror: { type: 'string' }, json: { type: 'boolean' } } as const;

export async function fetchCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const wanted = only(positionals, 'data set');
  const name = DATASET_NAMES.find((known) => known === wanted);
  if (name === undefined) {
    throw new SkilletError('cli-usage', wanted, {
      message: 'is no data set that Skillet knows.',
      remedy: `Known are: ${DATASET_NAMES.join(', ')}.`,
    });
  }
  const isQuiet = values.json === true;
  const { folder, isNew } = await fetchDatasetHere(name, {
    isQuiet,
    ...(values.mirror === undefined ? {} : { mirror: values.mirror }),
  });
  const text = isQuiet
    ? JSON.stringify({ dataset: name, folder, isNew })
    : printable(`${DATASETS[name].title} is ${isNew ? 'now' : 'already'} in ${folder}`);
  process.stdout.write(`${text}\n`);
  return EXIT.completed;
}
