/** Opens a graphics card for WebGPU, and says in words which one it is. */
import { type Dawn, loadDawn } from '../native/dawn.ts';
import { CannotStart } from './backend.ts';

/** TensorFlow.js asks for these; WebGPU gives small ones unless they are asked for. */
const LIMITS = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
] as const;

const INSTALL_DRIVER =
  'Install the driver of the graphics card (on Linux with its Vulkan part), or set train.device to cpu or auto.';

export interface DeviceOptions {
  /** A driver that draws on the processor is taken too: far slower than any other backend, and good for tests alone. */
  readonly allowsSoftware: boolean;
}

/**
 * Also puts in place what TensorFlow.js expects of a browser: `navigator.gpu` and the names of WebGPU's classes.
 *
 * @throws {CannotStart} Dawn does not load here, or there is no graphics card that it can use.
 */
export async function openDevice({ allowsSoftware }: DeviceOptions, load: () => Dawn = loadDawn): Promise<GPUDevice> {
  const { create, globals } = loadOrRefuse(load);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    throw new CannotStart('no graphics card that Vulkan, Metal or Direct3D 12 can use was found', INSTALL_DRIVER);
  }
  if (adapter.info.isFallbackAdapter && !allowsSoftware) {
    const { description } = adapter.info;
    throw new CannotStart(
      `no graphics card was found, only a driver that draws in software (${description})`,
      INSTALL_DRIVER,
    );
  }
  Object.assign(globalThis, globals);
  provideNavigator(gpu);
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures: GPUFeatureName[] = adapter.features.has('timestamp-query') ? ['timestamp-query'] : [];
  return adapter.requestDevice({ requiredLimits, requiredFeatures });
}

function loadOrRefuse(load: () => Dawn): Dawn {
  try {
    return load();
  } catch (error) {
    throw new CannotStart((error as Error).message, 'Set train.device to cpu or auto.');
  }
}

/** Node 20 has no `navigator`, later ones have one that knows no `gpu`. */
function provideNavigator(gpu: GPU): void {
  if (!('navigator' in globalThis)) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  }
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
}

/** For example `GPU (NVIDIA GeForce RTX 4090, Vulkan)`. */
export function describeDevice({ device, vendor, architecture }: GPUAdapterInfo, platform: string): string {
  const name = toWords(device) || toWords(`${vendor}-${architecture}`) || 'unknown';
  const interfaces: Readonly<Record<string, string>> = { darwin: 'Metal', win32: 'Direct3D 12' };
  return `GPU (${name}, ${interfaces[platform] ?? 'Vulkan'})`;
}

const ABBREVIATIONS = /^(nvidia|amd|rtx|gtx|gt|rx|xt|xtx|uhd|hd|radv|.*\d.*)$/;

/** WebGPU gives names as lowercase words with hyphens between, such as `nvidia-geforce-rtx-4090`. */
function toWords(name: string): string {
  return name
    .split('-')
    .filter((word) => !['', 'r', 'tm'].includes(word)) // What is left of ® and ™.
    .map((word) => {
      const capitalised = word.charAt(0).toUpperCase() + word.slice(1);
      return ABBREVIATIONS.test(word) ? word.toUpperCase() : capitalised.replace('Geforce', 'GeForce');
    })
    .join(' ');
}
