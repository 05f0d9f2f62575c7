/** Finds CUDA's libraries where TensorFlow's library will look for them: beside itself, then where the system looks. */
import path from 'node:path';
import type { MachineSources } from './sources.ts';

export interface FoundLibrary {
  /** The longest that a file name tells, for example `12` or `12.4.127`. */
  readonly version: string;
  readonly folder: string;
  readonly isBesideRuntime: boolean;
}

type Sources = Pick<MachineSources, 'listFolder' | 'readFile' | 'run' | 'env' | 'platform'>;

/** @returns By name, such as `libcudart.so.12`; what is not found is absent. */
export async function findCudaLibraries(
  sources: Sources,
  names: readonly string[],
  runtimeFolder: string | null,
): Promise<ReadonlyMap<string, FoundLibrary>> {
  const found = new Map<string, FoundLibrary>();
  if (sources.platform !== 'linux') {
    return found;
  }
  const beside = runtimeFolder === null ? [] : await besideRuntime(sources, runtimeFolder);
  const named = (sources.env.LD_LIBRARY_PATH ?? '').split(':').filter((folder) => folder !== '');
  const cached = await cachedFolders(sources, names);
  for (const folder of [...beside, ...named, ...cached]) {
    const files = await sources.listFolder(folder);
    for (const name of names.filter((wanted) => !found.has(wanted) && files.includes(wanted))) {
      found.set(name, { version: longestVersion(name, files), folder, isBesideRuntime: beside.includes(folder) });
    }
  }
  return found;
}

/** NVIDIA's wheels unpack into `nvidia/<part>/lib`, which the library's own search path names. */
async function besideRuntime({ listFolder }: Sources, runtimeFolder: string): Promise<string[]> {
  const nvidia = path.posix.join(runtimeFolder, '../nvidia');
  return (await listFolder(nvidia)).map((part) => path.posix.join(nvidia, part, 'lib'));
}

/** From lines such as `libcudart.so.12 (libc6,x86-64) => /usr/local/cuda/lib64/libcudart.so.12`. */
async function cachedFolders({ run }: Sources, names: readonly string[]): Promise<string[]> {
  for (const command of ['ldconfig', '/sbin/ldconfig']) {
    const answer = await run(command, ['-p']);
    if (answer.outcome === 'exited') {
      const lines = answer.stdout.split('\n').map((line) => /^\s*(\S+) \(.*\) => (\S+)$/.exec(line));
      return [
        ...new Set(
          lines.flatMap((line) => (names.includes(line?.[1] ?? '') ? path.posix.dirname(line?.[2] ?? '') : [])),
        ),
      ];
    }
  }
  return [];
}

/** `libcudnn.so.9` stands beside `libcudnn.so.9.5.1`, which tells more. */
function longestVersion(name: string, files: readonly string[]): string {
  const versions = files
    .filter((file) => file === name || file.startsWith(`${name}.`))
    .map((file) => file.slice(file.indexOf('.so.') + '.so.'.length));
  return versions.toSorted((a, b) => b.length - a.length)[0] ?? '';
}
