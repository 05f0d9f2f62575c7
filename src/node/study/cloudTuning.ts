/** Puts what a `cloudml_tuning.yml` asks for into a recipe, or refuses it by the file's own lines. */
import { parseRecipe } from '../../common/recipe/parse.ts';
import { metricOfTag, type ReadCloudTuning, readCloudTuning } from '../../common/study/cloudTuning.ts';
import { overrideTune } from '../../common/study/tuneText.ts';
import { RefusedRecipe } from '../createRun.ts';

export interface CloudFile {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/**
 * @param text Of the recipe, which is right in itself.
 * @throws {RefusedRecipe} Names the cloud file and its lines, also where a field does not fit the recipe.
 */
export function applyCloudTuning(text: string, cloud: CloudFile): { text: string; notes: readonly string[] } {
  const read = readCloudTuning(cloud.text);
  if (read.tuning === null) {
    throw new RefusedRecipe(cloud.file, read.problems);
  }
  const { tune, goal, metricTag, forCloud } = read.tuning;
  const hasValidation = parseRecipe(text).recipe?.train.validationSplit !== undefined;
  const { metric, note } = metricOfTag(metricTag, hasValidation);
  const tuned = overrideTune(text, {}, { objective: { [goal]: metric }, ...tune });
  refuseMisfits(tuned, read, cloud.file);
  const machine = Object.entries(forCloud).map(([name, value]) => `${name} ${inWords(value)}`);
  return {
    text: tuned,
    notes: [
      ...(note === null ? [] : [note]),
      ...(machine.length === 0 ? [] : [`For the cloud, kept and not needed here: ${machine.join(', ')}.`]),
    ],
  };
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function refuseMisfits(text: string, read: ReadCloudTuning, file: string): void {
  const misfits = parseRecipe(text).problems.filter(({ path }) => path.split('.')[0] === 'tune');
  if (misfits.length > 0) {
    throw new RefusedRecipe(
      file,
      misfits.map((misfit) => {
        const { range: _place, ...rest } = misfit;
        const range = read.locateTune(misfit.path);
        return range === null ? rest : { ...rest, range };
      }),
    );
  }
}
