/** Gives tests a graphics card: the machine's own, else the software driver that comes with npm's Chromium. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { hostDir } from '../../../../scripts/host/paths.mjs';
import { createWebgpuBackend } from '../../../../src/trainer/backends/webgpu.ts';
import { loadKoffi } from '../../../../src/trainer/native/koffi.ts';
import { workOf } from './workOf.ts';

const webgpuBackend = createWebgpuBackend(async () => undefined);

const PACKED = path.join(hostDir, 'node_modules/@sparticuz/chromium/bin/swiftshader.tar.br');

/**
 * Starts WebGPU.
 *
 * @returns Why there is no card, or null.
 */
export async function startGraphics(): Promise<string | null> {
  const own = await tryStart();
  if (own === null) {
    return null;
  }
  if (!hasSoftwareDriver()) {
    return `${own}, and no software driver is at hand`;
  }
  useSoftwareDriver();
  return tryStart();
}

async function tryStart(): Promise<string | null> {
  try {
    await webgpuBackend.start(workOf(1));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function hasSoftwareDriver(): boolean {
  return process.platform === 'linux' && process.arch === 'x64' && existsSync(PACKED);
}

/** The environment that makes a process of its own use the software driver. */
export interface SoftwareDriver {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Unpacks it into a folder of its own, which is the caller's to delete. */
export function unpackSoftwareDriver(): SoftwareDriver {
  const folder = mkdtempSync(path.join(tmpdir(), 'skillet-graphics-'));
  execFileSync('tar', ['-x', '-C', folder], { input: brotliDecompressSync(readFileSync(PACKED)) });
  const env = {
    LD_LIBRARY_PATH: folder,
    VK_DRIVER_FILES: path.join(folder, 'vk_swiftshader_icd.json'),
    SKILLET_WEBGPU_SOFTWARE: '1',
  };
  return { folder, env };
}

function useSoftwareDriver(): void {
  const { folder, env } = unpackSoftwareDriver();
  process.on('exit', () => rmSync(folder, { recursive: true }));
  // The search path counts only as it was when the process began; a library that is already loaded is found by its name.
  loadKoffi().load(path.join(folder, 'libvulkan.so.1'), { global: true });
  Object.assign(process.env, env);
}
