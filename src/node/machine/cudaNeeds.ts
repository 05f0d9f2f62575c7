/** What TensorFlow's CUDA build needs of a machine: what the 2.20 wheel says of itself (CUDA 12.5.1, cuDNN 9). */
import { compareVersions } from '../../common/machine/compareVersions.ts';

export const CUDA_MAJOR = '12';
export const CUDNN_MAJOR = '9';

/** https://docs.nvidia.com/deploy/cuda-compatibility: what any CUDA 12 runs on by minor-version compatibility. */
export const NEEDED_DRIVER: Readonly<Record<'linux' | 'win32', string>> = { linux: '525.60.13', win32: '528.33' };

/** Loaded by name when a card is there. */
export const CUDA_LIBRARIES = [
  'libcudart.so.12',
  'libcublas.so.12',
  'libcublasLt.so.12',
  'libcufft.so.11',
  'libcusolver.so.11',
  'libcusparse.so.12',
  'libnvJitLink.so.12',
] as const;
export const CUDNN_LIBRARY = 'libcudnn.so.9';

/** The wheel holds code for these, and PTX for the last, which newer cards compile at their first start. */
const COMPILED_FOR = ['6.0', '7.0', '8.0', '8.9', '9.0'] as const;
export const OLDEST_CAPABILITY = COMPILED_FOR[0];

/**
 * `ready`: the wheel holds code for the card. `compiles`: only the intermediate code that the driver translates.
 *
 * @param capability For example `8.6`, which runs the code for 8.0: same major, no newer minor.
 */
export function codeFor(capability: string): 'ready' | 'compiles' | 'none' {
  if (compareVersions(capability, OLDEST_CAPABILITY) < 0) {
    return 'none';
  }
  const major = capability.split('.')[0];
  const isCompiled = COMPILED_FOR.some(
    (version) => version.split('.')[0] === major && compareVersions(version, capability) <= 0,
  );
  return isCompiled ? 'ready' : 'compiles';
}
