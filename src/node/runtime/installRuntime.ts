/** Installs a runtime: room, fetch, unpack, proof, and only then into its place. */
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SkilletError } from '../../common/errors.ts';
import { formatBytes } from '../../common/format.ts';
import type { ProbeResult } from '../../common/machine/probeResult.ts';
import { toDiskFault } from './diskFault.ts';
import { fetchWheels, type WheelSource } from './fetchWheels.ts';
import type { Runtime } from './findRuntime.ts';
import { type Flavour, type InstalledFile, MANIFEST_FILE, type Manifest } from './manifest.ts';
import { type InstallPlan, toRuntime } from './planInstall.ts';
import { withSetupLock } from './setupLock.ts';
import { createTransferRate } from './transferRate.ts';
import { unpack } from './unpack.ts';

export interface InstallProgress {
  readonly stage: 'fetch' | 'unpack' | 'verify';
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** 0 while it cannot be said. */
  readonly bytesPerSecond: number;
}

export interface Install extends WheelSource {
  readonly plan: InstallPlan;
  /** Tries the library in this folder, which holds libtensorflow_cc. */
  verify(folder: string): Promise<ProbeResult>;
  /** Room on the disk that holds the folder. */
  freeBytes(folder: string): Promise<number>;
  /** The time of day. */
  date(): Date;
  onProgress(progress: InstallProgress): void;
}

export interface Installed {
  readonly runtime: Runtime;
  readonly probe: Extract<ProbeResult, { ok: true }>;
}

/** The backend that proves a flavour. */
export const PROOFS = { cpu: 'tensorflow-cpu', cuda: 'tensorflow-gpu' } as const satisfies Record<Flavour, string>;

/** What is left free on the disk. */
const MARGIN_BYTES = 256_000_000;
const DRAFT_PREFIX = '.new-';

/**
 * A whole runtime that is there already is only tried again, and becomes the one that is used.
 *
 * @throws {SkilletError} Any of the `runtime-` codes; what was fetched stays for the next attempt, nothing else does.
 */
export async function installRuntime(install: Install): Promise<Installed> {
  const { plan } = install;
  try {
    return await withSetupLock(plan.cacheFolder, () => (plan.state === 'whole' ? proveAgain(install) : make(install)));
  } catch (error) {
    install.signal.throwIfAborted();
    throw toDiskFault(error, plan.cacheFolder);
  }
}

async function proveAgain(install: Install): Promise<Installed> {
  const runtime = toRuntime(install.plan.package, install.plan.folder);
  const probe = await prove(install, runtime.folder);
  const files = install.plan.package.wheels.flatMap(({ entries }) =>
    entries.map(({ name, to, bytes }) => ({ name: to ?? name, bytes })),
  );
  await writeManifest(install, install.plan.folder, files);
  return { runtime, probe };
}

async function make(install: Install): Promise<Installed> {
  const { plan, date } = install;
  const runtimes = path.dirname(plan.folder);
  await mkdir(runtimes, { recursive: true });
  await removeDrafts(runtimes);
  await refuseSmallDisk(install);
  const wheelFiles = await fetchAll(install);
  const draft = path.join(runtimes, `${DRAFT_PREFIX}${process.pid}-${date().getTime()}`);
  try {
    const files = await unpackAll(install, wheelFiles, draft);
    const probe = await prove(install, path.join(draft, 'tensorflow'));
    await writeManifest(install, draft, files);
    await replace(draft, plan.folder);
    await forget(wheelFiles, plan.downloadsFolder);
    return { runtime: toRuntime(plan.package, plan.folder), probe };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Left by processes that were killed: only one setup works at a time. */
async function removeDrafts(runtimes: string): Promise<void> {
  for (const name of await readdir(runtimes)) {
    if (name.startsWith(DRAFT_PREFIX)) {
      await rm(path.join(runtimes, name), { recursive: true, force: true });
    }
  }
}

async function refuseSmallDisk({ plan, freeBytes }: Install): Promise<void> {
  const needed = plan.downloadBytes - plan.fetchedBytes + plan.unpackedBytes + MARGIN_BYTES;
  const free = await freeBytes(plan.cacheFolder);
  if (free < needed) {
    throw new SkilletError('runtime-disk', plan.cacheFolder, {
      message: `needs ${formatBytes(needed)}, and ${formatBytes(free)} are free.`,
      remedy: 'Make room, or name a folder on another disk with the environment variable SKILLET_CACHE.',
    });
  }
}

async function fetchAll(install: Install): Promise<string[]> {
  const { plan, waiting, onProgress } = install;
  const rate = createTransferRate(waiting.now);
  return fetchWheels({
    ...install,
    wheels: plan.package.wheels,
    folder: plan.downloadsFolder,
    onBytes: (doneBytes, came) =>
      onProgress({ stage: 'fetch', doneBytes, totalBytes: plan.downloadBytes, bytesPerSecond: rate(came) }),
  });
}

async function unpackAll(install: Install, wheelFiles: readonly string[], folder: string): Promise<InstalledFile[]> {
  const { plan, signal, waiting, onProgress } = install;
  const rate = createTransferRate(waiting.now);
  let doneBytes = 0;
  const files: InstalledFile[] = [];
  for (const [at, { entries }] of plan.package.wheels.entries()) {
    const wheelFile = wheelFiles[at] ?? '';
    const onBytes = (bytes: number) => {
      doneBytes += bytes;
      onProgress({ stage: 'unpack', doneBytes, totalBytes: plan.unpackedBytes, bytesPerSecond: rate(doneBytes) });
    };
    files.push(...(await unpack({ wheelFile, entries, folder, signal, onBytes })));
  }
  return files;
}

async function prove({ plan, signal, verify, onProgress }: Install, folder: string): Promise<Installed['probe']> {
  signal.throwIfAborted();
  onProgress({ stage: 'verify', doneBytes: 0, totalBytes: 0, bytesPerSecond: 0 });
  const probe = await verify(folder);
  signal.throwIfAborted();
  if (probe.ok) {
    return probe;
  }
  const other = plan.package.flavour === 'cuda' ? ', or set up the flavour cpu' : ', or train on wasm or webgpu';
  const isInstalled = plan.state === 'whole';
  throw new SkilletError('runtime-broken', `TensorFlow ${plan.package.version}, ${plan.package.flavour}`, {
    message: `${isInstalled ? 'is installed, but does not work here' : 'does not work on this machine, and was not installed'}: ${probe.message}`,
    remedy: isInstalled
      ? `Mend what it names; where it names nothing, remove it ("Skillet: Remove the TensorFlow Runtime", or skillet setup --uninstall) and set up again${other}.`
      : `Mend what it names and set up again (what was fetched is kept)${other}.`,
  });
}

async function writeManifest({ plan, date }: Install, folder: string, files: readonly InstalledFile[]): Promise<void> {
  const { platform, flavour, version } = plan.package;
  const manifest: Manifest = { platform, flavour, version, files, installedAt: date().toISOString() };
  const draft = path.join(folder, `${MANIFEST_FILE}.new`);
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(draft, path.join(folder, MANIFEST_FILE));
}

/** A damaged one makes way; a trainer that has it open keeps its files until it ends. */
async function replace(draft: string, folder: string): Promise<void> {
  const old = `${draft}-old`;
  await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') {
      throw error;
    }
  });
  await rename(draft, folder);
  await rm(old, { recursive: true, force: true });
}

async function forget(wheelFiles: readonly string[], downloadsFolder: string): Promise<void> {
  for (const file of wheelFiles) {
    await rm(file, { force: true });
  }
  await rmdir(downloadsFolder).catch(() => undefined); // Other files may lie there.
}
