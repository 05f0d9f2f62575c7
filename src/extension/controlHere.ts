/** Tells a run what to do from this window. */
import * as vscode from 'vscode';
import type { ControlCommand } from '../common/run/events.ts';
import { controlRun } from '../node/jobs/controlRun.ts';

export function controlHere(folder: string, type: ControlCommand['type']): Promise<void> {
  return controlRun(folder, type, {
    now: new Date(),
    passStopOn: (job, of) => vscode.commands.executeCommand('skillet.passStopOn', { job, folder: of }),
  });
}
