/** The native engine of the machine that this command runs on. */
import { homedir } from 'node:os';
import { formatProblem } from '../common/errors.ts';
import { type Engine, findEngine, type Machine } from '../node/runtime/findEngine.ts';
import { printable } from './table.ts';

export const machineHere = (): Machine => ({
  platform: process.platform,
  arch: process.arch,
  env: process.env,
  home: homedir(),
});

/** A damaged TensorFlow is told, and done without. */
export async function engineHere(): Promise<Engine> {
  const { engine, problem } = await findEngine(machineHere());
  if (problem !== null) {
    process.stderr.write(`${printable(`Warning: ${formatProblem(problem)}`)}\n`);
  }
  return engine;
}
