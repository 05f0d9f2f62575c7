/** Imports an MXNet checkpoint into a model folder, which appears whole or not at all. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { MxnetRequest } from '../../common/model/importMessages.ts';
import type { Sidecar } from '../../common/model/sidecar.ts';
import { parseMxParams } from '../../common/mxnet/params.ts';
import { recipeSkeleton } from '../../common/mxnet/recipeSkeleton.ts';
import { type MxSymbol, parseMxSymbol } from '../../common/mxnet/symbol.ts';
import { fillFolder, type Imported, refuseTaken } from '../imported/newFolder.ts';
import { saveModel } from '../run/saveModel.ts';
import { convertMxnet } from './convert.ts';
import { describeImport } from './describeImport.ts';

const SYMBOL_END = /(-symbol)?\.json$/;

/** @throws {SkilletError} `import-*`, `data-*`, `model-output`; nothing was made then. */
export async function importMxnet(request: MxnetRequest): Promise<Imported> {
  const { symbolFile } = request;
  const prefix = symbolFile.replace(SYMBOL_END, '');
  const paramsFile = request.paramsFile ?? latestParams(prefix, symbolFile);
  const files = [symbolFile, paramsFile].map((file) => path.basename(file));
  const symbol = parseMxSymbol(readBytes(symbolFile).toString('utf8'), path.basename(symbolFile));
  const params = parseMxParams(readBytes(paramsFile), path.basename(paramsFile));
  const folder = request.outFolder ?? `${prefix}-model`;
  refuseTaken(folder);
  const converted = convertMxnet({ symbol, params, name: path.basename(symbolFile), inputShape: request.inputShape });
  try {
    const sidecar = await describeImport(converted, { name: path.basename(prefix), files }, request.training);
    const recipe = request.recipe ? recipeFor(symbol, sidecar, { folder, training: request.training }) : null;
    const recipeName = `${sidecar.name}.recipe.yaml`;
    await fillFolder(folder, async (draft) => {
      await saveModel(converted.model, sidecar, { folder: draft });
      if (recipe !== null) {
        writeFileSync(path.join(draft, recipeName), recipe);
      }
    });
    const unused = converted.unused.map((name) => `The array "${name}" of the file is used by no operation.`);
    const chosen = request.paramsFile === null ? [`The parameters are those of ${path.basename(paramsFile)}.`] : [];
    return {
      folder,
      sidecar,
      notes: [...chosen, ...unused],
      recipeFile: recipe === null ? null : path.join(folder, recipeName),
    };
  } finally {
    converted.model.dispose();
  }
}

function recipeFor(
  symbol: MxSymbol,
  sidecar: Sidecar,
  { folder, training }: { folder: string; training: MxnetRequest['training'] },
): string {
  return recipeSkeleton(symbol, {
    name: sidecar.name,
    csv: training === null ? null : path.relative(folder, training.csvFile).replaceAll(path.sep, '/'),
    target: training?.target ?? null,
    scale: training?.scale ?? 'none',
  });
}

/** MXNet writes `<prefix>-<epoch, four digits>.params`. */
function latestParams(prefix: string, symbolFile: string): string {
  const folder = path.dirname(prefix);
  const start = `${path.basename(prefix)}-`;
  const found = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.startsWith(start) && /^\d+\.params$/.test(name.slice(start.length)))
    .sort((a, b) => Number.parseInt(a.slice(start.length), 10) - Number.parseInt(b.slice(start.length), 10))
    .at(-1);
  if (found === undefined) {
    throw new SkilletError('import-mismatch', symbolFile, {
      message: existsSync(symbolFile) ? `has no ${start}NNNN.params file beside it.` : 'does not exist.',
      remedy: existsSync(symbolFile) ? 'Name the file with --params.' : 'Name the -symbol.json file of a checkpoint.',
    });
  }
  return path.join(folder, found);
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new SkilletError('import-damaged', file, {
      message: `cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      remedy: 'Check the path.',
    });
  }
}
