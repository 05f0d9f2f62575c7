/** A TensorFlow that is on this machine already, in a folder that a person names: a Python package or what holds it. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import type { Runtime } from './findRuntime.ts';
import { type LibraryNames, libraryNames } from './libraryNames.ts';

/**
 * @param named A Python `tensorflow` package, the site-packages folder that holds it, or a virtual environment's root.
 * @param platform For example `linux-x64`.
 * @throws {SkilletError} `runtime-folder`: it holds no TensorFlow that can be used here.
 */
export async function findNamedRuntime(named: string, platform: string): Promise<Runtime> {
  const names = libraryNames(platform);
  if (names === null) {
    throw new SkilletError('runtime-folder', named, {
      message: `cannot be used: TensorFlow's package for ${platform} has no library that can be called.`,
      remedy: 'Take the path out of skillet.tensorflowPath and SKILLET_TENSORFLOW, and train on wasm or webgpu.',
    });
  }
  const candidates = await candidateFolders(path.resolve(named));
  for (const folder of candidates) {
    if (await holds(folder, names)) {
      return { folder, ...(await describe(folder)), source: 'named' };
    }
  }
  const message = (await isFolder(named))
    ? `holds no TensorFlow: looked for ${names.library} and ${names.framework} in ${candidates.join(', ')}.`
    : `is no folder, so no TensorFlow is in it.`;
  throw new SkilletError('runtime-folder', named, {
    message,
    remedy:
      "Name Python's tensorflow package folder, the site-packages folder it is in, or the virtual environment (skillet.tensorflowPath or SKILLET_TENSORFLOW); or name none, to use the one that skillet setup installs.",
  });
}

async function candidateFolders(named: string): Promise<string[]> {
  const libs = await Promise.all(['lib', 'lib64'].map((lib) => pythonFolders(path.join(named, lib))));
  return [named, path.join(named, 'tensorflow'), ...libs.flat()];
}

/** A virtual environment keeps its packages in `lib/python3.x/site-packages`. */
async function pythonFolders(lib: string): Promise<string[]> {
  const names = await readdir(lib).catch(() => []);
  return names
    .filter((name) => /^python3/.test(name))
    .sort()
    .map((name) => path.join(lib, name, 'site-packages', 'tensorflow'));
}

async function holds(folder: string, { library, framework }: LibraryNames): Promise<boolean> {
  const found = await Promise.all([library, framework].map((name) => isFile(path.join(folder, name))));
  return found.every(Boolean);
}

/** The version stands in the name of the folder that pip leaves beside the package: `tensorflow_cpu-2.21.0.dist-info`. */
async function describe(folder: string): Promise<Pick<Runtime, 'version' | 'flavour'>> {
  const beside = path.dirname(folder);
  const names = await readdir(beside).catch(() => []);
  const [, build, version] =
    names
      .map((name) => /^(tensorflow|tensorflow_cpu)-(\d[^-]*)\.dist-info$/.exec(name))
      .find((match) => match !== null) ?? [];
  const hasCuda = await isFolder(path.join(beside, 'nvidia', 'cudnn', 'lib'));
  return {
    version: version ?? null,
    flavour: build === 'tensorflow_cpu' ? 'cpu' : hasCuda ? 'cuda' : 'unknown',
  };
}

const isFile = async (file: string) => (await stat(file).catch(() => null))?.isFile() === true;
const isFolder = async (folder: string) => (await stat(folder).catch(() => null))?.isDirectory() === true;
