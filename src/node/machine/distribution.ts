/** Which Linux this is, from os-release. https://www.freedesktop.org/software/systemd/man/os-release.html */
import type { MachineSources } from './sources.ts';

export interface Distribution {
  /** For people, for example `Ubuntu 24.04.1 LTS`. */
  readonly name: string;
  /** `ubuntu`, then what it is like: `debian`. */
  readonly ids: readonly string[];
}

export async function readDistribution({ readFile }: Pick<MachineSources, 'readFile'>): Promise<Distribution> {
  const text = (await readFile('/etc/os-release')) ?? (await readFile('/usr/lib/os-release')) ?? '';
  const value = (key: string) => new RegExp(`^${key}=["']?(.*?)["']?$`, 'm').exec(text)?.[1] ?? '';
  const ids = `${value('ID')} ${value('ID_LIKE')}`.split(' ').filter((id) => id !== '');
  return { name: value('PRETTY_NAME') || 'Linux', ids };
}
