/** The native engine of the machine that the extension host runs on, with its settings. */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Engine, Machine } from '../../node/runtime/findEngine.ts';

export const machineHere = (): Machine => ({
  platform: process.platform,
  arch: process.arch,
  env: process.env,
  home: homedir(),
  tensorflowPath: vscode.workspace.getConfiguration('skillet').get<string>('tensorflowPath', ''),
});

/** A damaged TensorFlow is told, and done without. */
export async function findEngineHere(): Promise<Engine> {
  const { findEngine } = await import('../../node/runtime/findEngine.ts');
  const { engine, problem } = await findEngine(machineHere());
  if (problem !== null) {
    // Not awaited: the message stays until somebody answers it.
    void vscode.window.showWarningMessage(`${problem.message} ${problem.remedy}`);
  }
  return engine;
}
