/** `skillet capsule` and `skillet verify`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CAPSULE_ENDING } from '../common/capsule/capsule.ts';
import { type Verification, verificationLines } from '../common/capsule/verification.ts';
import { SkilletError } from '../common/errors.ts';
import { formatBytes, formatDuration } from '../common/format.ts';
import { makeCapsule, writeCapsule } from '../node/capsule/makeCapsule.ts';
import { readCapsule, verifyCapsule } from '../node/capsule/verifyCapsule.ts';
import { fetchDatasetHere } from './datasetHere.ts';
import { engineHere } from './engineHere.ts';
import { createScreen } from './screen.ts';
import { printable } from './table.ts';
import { only } from './trainCommand.ts';
import { EXIT } from './usage.ts';

export async function capsuleCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' }, 'with-data': { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const runFolder = path.resolve(only(positionals, 'run folder'));
  const { capsule, rootFolder, notes } = await makeCapsule(runFolder, {
    withData: values['with-data'] === true,
    now: new Date(),
  });
  const file = path.resolve(values.out ?? path.join(rootFolder, `${path.basename(runFolder)}${CAPSULE_ENDING}`));
  await mkdir(path.dirname(file), { recursive: true });
  await writeCapsule(capsule, file);
  const shown = path.relative(process.cwd(), file);
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ file, notes })}\n`);
    return EXIT.completed;
  }
  const isAway = path.dirname(file) !== rootFolder && values['with-data'] !== true;
  const lines = [
    `${shown}: ${capsule.name}, ${capsule.steps.count.toLocaleString('en-US')} steps on ${capsule.backend.name}`,
    ...capsule.data.files.map(
      ({ file: name, bytes, sha256 }) => `  ${name}   ${formatBytes(bytes)}   SHA-256 ${sha256}`,
    ),
    ...notes,
    `Verify it: skillet verify ${shown}${isAway ? ` --data ${path.relative(process.cwd(), rootFolder) || '.'}` : ''}`,
  ];
  for (const line of lines) {
    process.stdout.write(`${printable(line)}\n`);
  }
  return EXIT.completed;
}

/** @param trainerFile The trainer's bundle. */
export async function verifyCommand(args: string[], trainerFile: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      device: { type: 'string' },
      tolerance: { type: 'string' },
      all: { type: 'boolean' },
      'allow-module': { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  const capsuleFile = path.resolve(only(positionals, 'capsule'));
  const capsule = await readCapsule(capsuleFile);
  const screen = createScreen(process.stderr);
  const cancel = new AbortController();
  const interrupt = () => cancel.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const result = await verifyCapsule(capsule, {
      capsuleFile,
      rootFolder: path.resolve(values.data ?? path.dirname(capsuleFile)),
      isModuleAllowed: values['allow-module'] === true,
      ...(values.device === undefined ? {} : { device: values.device }),
      ...(values.tolerance === undefined ? {} : { tolerance: toTolerance(values.tolerance) }),
      goesOn: values.all === true,
      trainerFile,
      execPath: process.execPath,
      engine: await engineHere(),
      prepareDataset: async (name) => {
        await fetchDatasetHere(name, { isQuiet: values.json === true });
      },
      now: new Date(),
      monotonicMs: () => performance.now(),
      signal: cancel.signal,
      onProgress({ steps, of }) {
        const share = of === 0 ? 0 : Math.min(100, Math.floor((100 * steps) / of));
        screen.redraw(`Training again: ${share} % of ${of.toLocaleString('en-US')} steps`);
      },
    });
    screen.redraw('');
    print(result, values.json === true);
    return result.verdict === 'different' ? EXIT.different : EXIT.completed;
  } catch (error) {
    screen.redraw('');
    if (!cancel.signal.aborted) {
      throw error;
    }
    process.stderr.write('Cancelled; nothing is left of it.\n');
    return EXIT.interrupted;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function print(result: Verification, asJson: boolean): void {
  const { curve: _, ...plain } = result;
  const lines = asJson
    ? [JSON.stringify(plain, (_key, value) => (value === Number.POSITIVE_INFINITY ? null : value))]
    : [...verificationLines(result), `It took ${formatDuration(result.durationMs)}.`];
  for (const line of lines) {
    process.stdout.write(asJson ? `${line}\n` : `${/^ */.exec(line)?.[0]}${printable(line.trim())}\n`);
  }
}

function toTolerance(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new SkilletError('cli-usage', '--tolerance', {
      message: `"${text}" is no number from 0 on.`,
      remedy: 'Write --tolerance 0.001, for example; 0 asks for the same bits.',
    });
  }
  return value;
}
