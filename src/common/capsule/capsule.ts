/** The form of a capsule: one file that says what a run was made of and what came out, to the bit. */
import { z } from 'zod';
import { SkilletError } from '../errors.ts';

export const CAPSULE_VERSION = 1;
export const CAPSULE_ENDING = '.capsule.json';

/** Steps whose losses are kept one by one; of later ones each block has a hash. */
export const KEPT_STEPS = 100_000;
/** Blocks at most: those of a longer run are longer. */
export const MOST_BLOCKS = 10_000;
/** Steps of a block, of a run that is not so long. */
export const BLOCK_STEPS = 1000;

const text = (most: number) => z.string().max(most);
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');
const metrics = z.record(text(200), z.number().nullable());

const file = z.object({
  file: text(4000).min(1).describe('As the recipe has it, relative to it; of a named data set the published name.'),
  sha256: sha256.describe('Of its bytes as they lie on the disk.'),
  bytes: count.describe('How many bytes it has.'),
  content: z.base64().max(64_000_000).exactOptional().describe('The bytes themselves, where they were wanted.'),
});

const capsuleSchema = z.object({
  format: z.literal('skillet-capsule').describe('Tells a capsule from any other JSON file.'),
  version: z.literal(CAPSULE_VERSION).describe('Of this form.'),
  name: text(1000).describe("The recipe's name."),
  madeAt: text(100).describe('When the capsule was made, ISO 8601.'),
  recipe: z.object({
    text: text(4_000_000).describe('With all that was asked for besides filled in.'),
    folder: text(4000).describe("The recipe's folder, below the one that holds it and all its data; empty: the same."),
    params: z.record(text(200), z.union([z.number(), text(10_000), z.boolean()])).describe('As they were trained.'),
    seed: z.number().describe('All chance in the run comes from it.'),
  }),
  data: z.object({
    dataset: text(100).nullable().describe('The named data set, which has no files beside the recipe.'),
    files: z.array(file).max(100).describe('What was read.'),
    hashedAt: z
      .enum(['run', 'capsule'])
      .describe('Whether the hashes were taken while the run read its data, or when the capsule was made.'),
  }),
  module: file.nullable().describe('The module that built the network.'),
  backend: z.object({
    name: text(100).describe('What computed: js, wasm, webgpu, tensorflow-cpu, tensorflow-gpu.'),
    device: text(1000).describe('On what, with its threads and shares.'),
    execution: z.enum(['compiled', 'eager']).nullable().describe('Whether steps were replayed whole.'),
    version: text(200).nullable().describe('Of the native library behind it.'),
  }),
  versions: z.record(text(200), text(200)).describe('Of Skillet, Node.js and TensorFlow.js, and the platform.'),
  run: z.object({
    startedAt: text(100).nullable().describe('When the run began, ISO 8601.'),
    status: z
      .enum(['completed', 'stopped', 'failed', 'interrupted'])
      .describe('How it ended; the result is compared of one that came to an end between two epochs.'),
    message: text(20_000).describe('Its last words.'),
    epochs: count.describe('How many it was to train.'),
    stepsPerEpoch: count.describe('Steps of each.'),
    batchSize: count.describe('Samples of a step.'),
  }),
  steps: z.object({
    count: count.describe('Steps that were done.'),
    encoding: z.enum(['float32', 'float64']).describe('Little endian; NaN where a loss was not finite.'),
    loss: z.base64().max(4_000_000).describe(`Losses of the first steps, ${KEPT_STEPS} at most.`),
    blockSteps: z.int().min(1).describe('Steps of one block behind those.'),
    blocks: z.array(sha256).max(MOST_BLOCKS).describe('Hash of the losses of each block, in the same encoding.'),
  }),
  epochs: z
    .array(z.object({ epoch: z.int().min(1), metrics }))
    .max(1_000_000)
    .describe('Metrics of each epoch.'),
  evaluation: z
    .object({ rows: count, metrics, primary: text(200) })
    .nullable()
    .describe('The result on the test rows.'),
  weights: z.object({ sha256, bytes: count }).nullable().describe('Of the file that holds the trained weights.'),
});

export type Capsule = z.output<typeof capsuleSchema>;
export type CapsuleFile = z.output<typeof file>;
export type CapsuleSteps = Capsule['steps'];

/** The epoch at which a run was stopped that has a result nevertheless; null where it trained to its end, or stopped within one. */
export function stoppedAfter({ run, steps }: Capsule): number | null {
  const epochs = steps.count / run.stepsPerEpoch;
  return run.status === 'stopped' && Number.isInteger(epochs) && epochs < run.epochs ? epochs : null;
}

/** Whether a run broke off at its last step, so that one that is done again goes beyond it. */
export function isCutOff(capsule: Capsule): boolean {
  const { status } = capsule.run;
  return stoppedAfter(capsule) === null && status !== 'completed' && status !== 'failed';
}

/** @param name Of the file, for messages. @throws {SkilletError} `capsule-unreadable`. */
export function parseCapsule(textOfFile: string, name: string): Capsule {
  const value = parseJson(textOfFile, name);
  const known = (value ?? {}) as { format?: unknown; version?: unknown };
  if (known.format !== 'skillet-capsule') {
    throw unreadable(name, 'is no capsule: it has no "format": "skillet-capsule".');
  }
  if (typeof known.version === 'number' && known.version > CAPSULE_VERSION) {
    throw new SkilletError('capsule-unreadable', name, {
      message: `is of version ${known.version}, and this Skillet reads version ${CAPSULE_VERSION}.`,
      remedy: 'Update Skillet.',
    });
  }
  const result = capsuleSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw unreadable(name, `is damaged at ${issue?.path.join('.') || 'its beginning'}: ${issue?.message}.`);
  }
  refuseWrongCounts(result.data, name);
  return result.data;
}

function parseJson(textOfFile: string, name: string): unknown {
  try {
    return JSON.parse(textOfFile);
  } catch (error) {
    throw unreadable(name, `is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** What is promised must be there: whoever reads on relies on it. */
function refuseWrongCounts({ steps }: Capsule, name: string): void {
  const width = steps.encoding === 'float32' ? 4 : 8;
  const padding = /=*$/.exec(steps.loss)?.[0].length ?? 0;
  const kept = ((steps.loss.length / 4) * 3 - padding) / width;
  const wanted = Math.min(steps.count, KEPT_STEPS);
  if (kept !== wanted) {
    throw unreadable(name, `is damaged at steps.loss: ${wanted} losses were promised, and it holds ${kept}.`);
  }
  const blocks = Math.ceil((steps.count - wanted) / steps.blockSteps);
  if (steps.blocks.length !== blocks) {
    throw unreadable(
      name,
      `is damaged at steps.blocks: ${blocks} blocks were promised, and ${steps.blocks.length} are there.`,
    );
  }
}

export function unreadable(name: string, message: string): SkilletError {
  return new SkilletError('capsule-unreadable', name, {
    message,
    remedy: 'Name a file that skillet capsule has written, whole.',
  });
}
