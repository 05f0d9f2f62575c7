/** The commands for machines and jobs at a provider. */
import path from 'node:path';
import { createProviderModules, type ProviderModules } from '../../cloud/providerModules.ts';
import { imagesCommand, profilesCommand, regionsCommand } from './accountCommands.ts';
import { connectCommand } from './connectCommand.ts';
import { drillCommand } from './drillCommand.ts';
import { guardCommand } from './guardCommand.ts';
import { instanceCommand } from './instanceCommand.ts';
import { instancesCommand } from './instancesCommand.ts';
import { jobCommand, jobsCommand } from './jobCommands.ts';
import { launchCommand } from './launchCommand.ts';
import { offersCommand } from './offersCommand.ts';
import { reservedCommand } from './reservedCommand.ts';
import { submitCommand } from './submitCommand.ts';
import { sweepCommand } from './sweepCommand.ts';

export type CloudCommand = (args: string[], modules: ProviderModules, folder: string) => Promise<number>;

const COMMANDS: Readonly<Record<string, CloudCommand>> = {
  connect: connectCommand,
  drill: drillCommand,
  instances: instancesCommand,
  instance: instanceCommand,
  guard: guardCommand,
  sweep: sweepCommand,
  profiles: profilesCommand,
  regions: regionsCommand,
  offers: offersCommand,
  images: imagesCommand,
  reserved: reservedCommand,
  launch: launchCommand,
  submit: (args, modules, folder) => submitCommand(args, modules, path.join(folder, 'trainer.mjs')),
  jobs: jobsCommand,
  job: jobCommand,
};

/** @param folder Where the providers' bundles are. */
export function cloudCommands(folder: string): Record<string, (args: string[]) => Promise<number>> {
  const modules = createProviderModules(folder);
  return Object.fromEntries(
    Object.entries(COMMANDS).map(([name, command]) => [name, (args: string[]) => command(args, modules, folder)]),
  );
}
