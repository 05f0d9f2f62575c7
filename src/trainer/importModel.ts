/** The importing process: `importModel <request as JSON>` makes a model folder and prints one line of JSON. */
import { toProblem } from '../common/errors.ts';
import type { FromImporter, ImportRequest } from '../common/model/importMessages.ts';
import { importMxnet } from './mxnet/importMxnet.ts';
import { viewModel } from './predict/modelView.ts';
import { startPredictionBackend } from './predict/startPredictionBackend.ts';

async function run(request: ImportRequest): Promise<FromImporter> {
  try {
    await startPredictionBackend();
    const { folder, sidecar, notes, recipeFile } = await importMxnet(request);
    return { type: 'imported', model: viewModel(folder, sidecar), notes, recipeFile };
  } catch (error) {
    return { type: 'refused', problem: toProblem(error, request.symbolFile) };
  }
}

const answer = await run(JSON.parse(process.argv[2] ?? '') as ImportRequest);
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exitCode = answer.type === 'imported' ? 0 : 1;
