/** `skillet import`, and `skillet show` of a model folder. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import { type ImportRequest, isKerasFile } from '../common/model/importMessages.ts';
import { importModel } from '../node/importModel.ts';
import { readSidecar } from '../node/readModel.ts';
import { graphText } from './graphText.ts';
import { printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

/** @param bundles Of the importing process, and of the one that reads Keras's files. */
export async function importCommand(
  args: string[],
  bundles: { readonly importFile: string; readonly kerasFile: string },
): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      params: { type: 'string' },
      out: { type: 'string' },
      'input-shape': { type: 'string' },
      csv: { type: 'string' },
      target: { type: 'string' },
      scale: { type: 'string' },
      recipe: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const full = (file: string | undefined) => (file === undefined ? null : path.resolve(file));
  const file = path.resolve(only(positionals, 'model file of Keras, or -symbol.json file of MXNet,'));
  const common = { outFolder: full(values.out), training: toTraining(full(values.csv), values) };
  if (isKerasFile(file)) {
    refuseMxnetOptions(values);
  } else if (!file.endsWith('.json')) {
    throw new SkilletError('cli-usage', positionals[0] ?? file, {
      message: 'is no model that can be imported.',
      remedy: 'Name a .keras, .h5 or .hdf5 file of Keras, or the -symbol.json file of an MXNet checkpoint.',
    });
  }
  const request: ImportRequest = isKerasFile(file)
    ? { kind: 'keras', file, ...common }
    : {
        kind: 'mxnet',
        symbolFile: file,
        paramsFile: full(values.params),
        inputShape: toShape(values['input-shape']),
        recipe: values.recipe === true,
        ...common,
      };
  const answer = await importModel(request, { ...bundles, execPath: process.execPath });
  if (values.json === true) {
    print(JSON.stringify(answer));
    return EXIT.completed;
  }
  const { model, notes, recipeFile } = answer;
  for (const note of notes) {
    print(note);
  }
  print('');
  (model.graph === null ? [] : graphText(model.graph)).forEach(print);
  print('');
  print(model.needs);
  print(`Model folder: ${path.relative(process.cwd(), model.folder)}`);
  if (recipeFile !== null) {
    print(`Recipe: ${path.relative(process.cwd(), recipeFile)}`);
  }
  return EXIT.completed;
}

/** A file of Keras's holds its weights and the shape of its input. */
function refuseMxnetOptions(values: Readonly<Record<string, unknown>>): void {
  const odd = ['params', 'input-shape', 'recipe'].find((name) => values[name] !== undefined);
  if (odd !== undefined) {
    throw new SkilletError('cli-usage', `--${odd}`, {
      message: 'is for MXNet; a model of Keras is one file with all of it.',
      remedy: `Leave --${odd} out.`,
    });
  }
}

function toShape(text: string | undefined): number[] | null {
  const sizes = text?.split(/[,x×\s]+/).map(Number) ?? null;
  if (sizes?.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new SkilletError('cli-usage', '--input-shape', {
      message: `"${text}" is no shape.`,
      remedy: 'Write the sizes of one sample without the batch: --input-shape 3,32,32, for example.',
    });
  }
  return sizes;
}

function toTraining(
  csvFile: string | null,
  { target, scale = 'none' }: { readonly target?: string | undefined; readonly scale?: string | undefined },
): ImportRequest['training'] {
  if (scale !== 'none' && scale !== 'standard' && scale !== 'minMax') {
    throw new SkilletError('cli-usage', '--scale', {
      message: `"${scale}" is no scale.`,
      remedy: 'Write standard, minMax or none.',
    });
  }
  if (csvFile === null && (target !== undefined || scale !== 'none')) {
    throw new SkilletError('cli-usage', '--csv', {
      message: 'is missing: names and scales are taken from the rows that the network was trained on.',
      remedy: 'Add --csv train.csv.',
    });
  }
  return csvFile === null ? null : { csvFile, target: target ?? null, scale };
}

/** What a model folder is, and its network. */
export async function showModel(folder: string, view: { readonly json: boolean }): Promise<number> {
  const sidecar = await readSidecar(folder);
  if (view.json) {
    print(JSON.stringify(sidecar));
    return EXIT.completed;
  }
  const { name, source, graph, targets } = sidecar;
  print(`${name}   ${[source.kind, ...source.files].join(' · ')}`);
  print(`predicts ${targets.names.join(', ')}${targets.classes === null ? '' : `: ${targets.classes.length} classes`}`);
  print('');
  if (graph === null) {
    print('The folder was saved by version 0.1 and has no graph; skillet show <run folder> shows its run.');
  } else {
    graphText(graph).forEach(print);
  }
  return EXIT.completed;
}
