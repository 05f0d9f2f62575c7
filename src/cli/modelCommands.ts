/** `skillet import`, and `skillet show` of a model folder. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SkilletError } from '../common/errors.ts';
import type { ImportRequest } from '../common/model/importMessages.ts';
import { importModel } from '../node/importModel.ts';
import { readSidecar } from '../node/readModel.ts';
import { graphText } from './graphText.ts';
import { printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

/** @param importFile The importing process's bundle. */
export async function importCommand(args: string[], importFile: string): Promise<number> {
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
  const answer = await importModel(
    {
      kind: 'mxnet',
      symbolFile: path.resolve(only(positionals, '-symbol.json file')),
      paramsFile: full(values.params),
      outFolder: full(values.out),
      inputShape: toShape(values['input-shape']),
      training: toTraining(full(values.csv), values),
      recipe: values.recipe === true,
    },
    { importFile, execPath: process.execPath },
  );
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
