/** The importing process: `importModel <task as JSON>` makes a model folder and prints one line of JSON. */
import { toProblem } from '../common/errors.ts';
import type { FromImporter, ImportTask } from '../common/model/importMessages.ts';
import { importKeras } from './keras/importKeras.ts';
import { importMxnet } from './mxnet/importMxnet.ts';
import { viewModel } from './predict/modelView.ts';
import { startPredictionBackend } from './predict/startPredictionBackend.ts';

async function run(task: ImportTask): Promise<FromImporter> {
  try {
    await startPredictionBackend();
    const { folder, sidecar, notes, recipeFile } = await (task.kind === 'keras'
      ? importKeras(task)
      : importMxnet(task));
    return { type: 'imported', model: viewModel(folder, sidecar), notes, recipeFile };
  } catch (error) {
    return { type: 'refused', problem: toProblem(error, task.kind === 'keras' ? task.file : task.symbolFile) };
  }
}

const answer = await run(JSON.parse(process.argv[2] ?? '') as ImportTask);
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exitCode = answer.type === 'imported' ? 0 : 1;
