/** The commands for machines and jobs at a provider. */
import { createProviderModules, type ProviderModules } from '../../cloud/providerModules.ts';
import { imagesCommand, profilesCommand, regionsCommand } from './accountCommands.ts';
import { connectCommand } from './connectCommand.ts';
import { drillCommand } from './drillCommand.ts';
import { instanceCommand } from './instanceCommand.ts';
import { instancesCommand } from './instancesCommand.ts';
import { offersCommand } from './offersCommand.ts';
import { reservedCommand } from './reservedCommand.ts';

export type CloudCommand = (args: string[], modules: ProviderModules) => Promise<number>;

const COMMANDS: Readonly<Record<string, CloudCommand>> = {
  connect: connectCommand,
  drill: drillCommand,
  instances: instancesCommand,
  instance: instanceCommand,
  profiles: profilesCommand,
  regions: regionsCommand,
  offers: offersCommand,
  images: imagesCommand,
  reserved: reservedCommand,
};

/** @param folder Where the providers' bundles are. */
export function cloudCommands(folder: string): Record<string, (args: string[]) => Promise<number>> {
  const modules = createProviderModules(folder);
  return Object.fromEntries(
    Object.entries(COMMANDS).map(([name, command]) => [name, (args: string[]) => command(args, modules)]),
  );
}
