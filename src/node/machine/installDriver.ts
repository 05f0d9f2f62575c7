/** How NVIDIA's driver is installed here: by the distribution's own package where it has one. */
import type { Remedy } from '../../common/machine/check.ts';
import { readDistribution } from './distribution.ts';
import type { MachineSources } from './sources.ts';

const LINK = 'https://www.nvidia.com/en-us/drivers/';

/** By the id of os-release; the first that the distribution is or is like. Others need a repository added first. */
const COMMANDS: Readonly<Record<string, string>> = {
  ubuntu: 'sudo ubuntu-drivers install',
  debian: 'sudo apt install nvidia-driver',
  arch: 'sudo pacman -S nvidia-open',
};

export async function installDriver(sources: Pick<MachineSources, 'platform' | 'readFile'>): Promise<Remedy> {
  const text = 'Install NVIDIA’s current driver, then restart the machine.';
  if (sources.platform !== 'linux') {
    return { text, link: LINK };
  }
  const { ids } = await readDistribution(sources);
  const command = ids.map((id) => COMMANDS[id]).find((known) => known !== undefined);
  return command === undefined ? { text, link: LINK } : { text, command, link: LINK };
}
