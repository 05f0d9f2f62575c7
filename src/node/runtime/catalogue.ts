/** Which files of which Python packages make up TensorFlow's native library, pinned to the byte. */
import { SkilletError } from '../../common/errors.ts';
import type { Flavour } from './manifest.ts';

/** A file inside a wheel that is unpacked. */
export interface WheelEntry {
  /** Path in the wheel, which is also its path in the runtime's folder unless `to` says otherwise. */
  readonly name: string;
  readonly bytes: number;
  readonly to?: string;
}

export interface Wheel {
  /** Its name on the package index. */
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly entries: readonly WheelEntry[];
}

export interface Licence {
  readonly name: string;
  readonly url: string;
  /** What of the runtime is under it. */
  readonly covers: string;
  /** Whether it asks for agreement, beyond being named. */
  readonly mustBeAccepted: boolean;
}

export interface RuntimePackage {
  /** For example `linux-x64`. */
  readonly platform: string;
  readonly flavour: Flavour;
  /** TensorFlow's. */
  readonly version: string;
  /** What it brings, for a person who chooses. */
  readonly summary: string;
  readonly wheels: readonly Wheel[];
  readonly licences: readonly Licence[];
}

const VERSION = '2.21.0';

const APACHE: Licence = {
  name: 'Apache License 2.0',
  url: 'https://www.apache.org/licenses/LICENSE-2.0',
  covers: 'TensorFlow',
  mustBeAccepted: false,
};
const NVIDIA: readonly Licence[] = [
  {
    name: 'NVIDIA CUDA Toolkit EULA',
    url: 'https://docs.nvidia.com/cuda/eula/index.html',
    covers: 'CUDA libraries',
    mustBeAccepted: true,
  },
  {
    name: 'NVIDIA cuDNN Software License Agreement',
    url: 'https://docs.nvidia.com/deeplearning/cudnn/sla/index.html',
    covers: 'cuDNN',
    mustBeAccepted: true,
  },
];

/** The libraries are the same in the wheels of every Python; those of 3.11 are taken. */
const TENSORFLOW_CPU: Wheel = {
  project: 'tensorflow-cpu',
  version: VERSION,
  file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  bytes: 273_829_956,
  entries: [
    { name: 'tensorflow/libtensorflow_cc.so.2', bytes: 788_086_608 },
    { name: 'tensorflow/libtensorflow_framework.so.2', bytes: 65_222_328 },
  ],
};

const TENSORFLOW_CUDA: Wheel = {
  project: 'tensorflow',
  version: VERSION,
  file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  bytes: 572_440_367,
  entries: [
    { name: 'tensorflow/libtensorflow_cc.so.2', bytes: 1_096_372_272 },
    { name: 'tensorflow/libtensorflow_framework.so.2', bytes: 162_648_808 },
  ],
};

const TENSORFLOW_LINUX_ARM: Wheel = {
  project: 'tensorflow',
  version: VERSION,
  file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
  sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  bytes: 281_828_020,
  entries: [
    { name: 'tensorflow/libtensorflow_cc.so.2', bytes: 814_885_544 },
    { name: 'tensorflow/libtensorflow_framework.so.2', bytes: 68_176_664 },
  ],
};

const TENSORFLOW_MAC: Wheel = {
  project: 'tensorflow',
  version: VERSION,
  file: 'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl',
  sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
  bytes: 223_405_849,
  entries: [
    { name: 'tensorflow/libtensorflow_cc.2.dylib', bytes: 691_352_648 },
    { name: 'tensorflow/libtensorflow_framework.2.dylib', bytes: 49_452_976 },
  ],
};

/**
 * Of the packages that TensorFlow's `and-cuda` extra names, those whose libraries it opens when it trains, within the
 * extra's ranges. CUDA 12.9 knows the newest cards of the 12 series; cuDNN 9.10 is the last that still knows Pascal
 * and Volta, for which TensorFlow has kernels. The driver must be 525.60.13 or newer.
 * Left out: nccl (several cards), cupti (profiling), nvcc (XLA) and curand (TensorFlow has its own generators).
 */
const NVIDIA_WHEELS: readonly Wheel[] = [
  {
    project: 'nvidia-cuda-runtime-cu12',
    version: '12.9.79',
    file: 'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
    bytes: 3_493_179,
    entries: [
      { name: 'nvidia/cuda_runtime/lib/libcudart.so.12', bytes: 741_088 },
      {
        name: 'nvidia_cuda_runtime_cu12-12.9.79.dist-info/licenses/License.txt',
        bytes: 59_262,
        to: 'nvidia/LICENSE-CUDA.txt',
      },
    ],
  },
  {
    project: 'nvidia-nvjitlink-cu12',
    version: '12.9.86',
    file: 'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
    bytes: 39_748_338,
    entries: [{ name: 'nvidia/nvjitlink/lib/libnvJitLink.so.12', bytes: 95_935_344 }],
  },
  {
    project: 'nvidia-cublas-cu12',
    version: '12.9.1.4',
    file: 'nvidia_cublas_cu12-12.9.1.4-py3-none-manylinux_2_27_x86_64.whl',
    sha256: '453611eb21a7c1f2c2156ed9f3a45b691deda0440ec550860290dc901af5b4c2',
    bytes: 581_242_350,
    entries: [
      { name: 'nvidia/cublas/lib/libcublas.so.12', bytes: 105_140_976 },
      { name: 'nvidia/cublas/lib/libcublasLt.so.12', bytes: 749_205_904 },
    ],
  },
  {
    project: 'nvidia-cufft-cu12',
    version: '11.4.1.4',
    file: 'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
    bytes: 200_877_592,
    entries: [{ name: 'nvidia/cufft/lib/libcufft.so.11', bytes: 291_507_928 }],
  },
  {
    project: 'nvidia-cusparse-cu12',
    version: '12.5.10.65',
    file: 'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
    bytes: 366_465_088,
    entries: [{ name: 'nvidia/cusparse/lib/libcusparse.so.12', bytes: 486_556_368 }],
  },
  {
    project: 'nvidia-cusolver-cu12',
    version: '11.7.5.82',
    file: 'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl',
    sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
    bytes: 338_117_415,
    entries: [{ name: 'nvidia/cusolver/lib/libcusolver.so.11', bytes: 302_024_152 }],
  },
  {
    project: 'nvidia-cudnn-cu12',
    version: '9.10.2.21',
    file: 'nvidia_cudnn_cu12-9.10.2.21-py3-none-manylinux_2_27_x86_64.whl',
    sha256: '949452be657fa16687d0930933f032835951ef0892b37d2d53824d1a84dc97a8',
    bytes: 706_758_467,
    entries: [
      { name: 'nvidia/cudnn/lib/libcudnn.so.9', bytes: 125_136 },
      { name: 'nvidia/cudnn/lib/libcudnn_adv.so.9', bytes: 285_226_600 },
      { name: 'nvidia/cudnn/lib/libcudnn_cnn.so.9', bytes: 6_301_096 },
      { name: 'nvidia/cudnn/lib/libcudnn_engines_precompiled.so.9', bytes: 547_383_096 },
      { name: 'nvidia/cudnn/lib/libcudnn_engines_runtime_compiled.so.9', bytes: 23_094_328 },
      { name: 'nvidia/cudnn/lib/libcudnn_graph.so.9', bytes: 4_439_912 },
      { name: 'nvidia/cudnn/lib/libcudnn_heuristic.so.9', bytes: 58_726_712 },
      { name: 'nvidia/cudnn/lib/libcudnn_ops.so.9', bytes: 127_936_080 },
      {
        name: 'nvidia_cudnn_cu12-9.10.2.21.dist-info/licenses/License.txt',
        bytes: 18_174,
        to: 'nvidia/LICENSE-cuDNN.txt',
      },
    ],
  },
  {
    // cuDNN's runtime-compiled engines open it, and its RUNPATH looks in `nvrtc`, not where the wheel puts it.
    project: 'nvidia-cuda-nvrtc-cu12',
    version: '12.9.86',
    file: 'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
    bytes: 89_568_129,
    entries: [
      { name: 'nvidia/cuda_nvrtc/lib/libnvrtc.so.12', bytes: 106_244_480, to: 'nvidia/nvrtc/lib/libnvrtc.so.12' },
      {
        name: 'nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.9',
        bytes: 7_202_760,
        to: 'nvidia/nvrtc/lib/libnvrtc-builtins.so.12.9',
      },
    ],
  },
];

const CPU_SUMMARY = 'trains on the processor, several times faster than WebAssembly';

export const CATALOGUE: readonly RuntimePackage[] = [
  {
    platform: 'linux-x64',
    flavour: 'cpu',
    version: VERSION,
    summary: CPU_SUMMARY,
    wheels: [TENSORFLOW_CPU],
    licences: [APACHE],
  },
  {
    platform: 'linux-x64',
    flavour: 'cuda',
    version: VERSION,
    summary: 'trains on an NVIDIA card (Pascal or newer, driver 525 or newer)',
    wheels: [TENSORFLOW_CUDA, ...NVIDIA_WHEELS],
    licences: [APACHE, ...NVIDIA],
  },
  {
    platform: 'linux-arm64',
    flavour: 'cpu',
    version: VERSION,
    summary: CPU_SUMMARY,
    wheels: [TENSORFLOW_LINUX_ARM],
    licences: [APACHE],
  },
  {
    platform: 'darwin-arm64',
    flavour: 'cpu',
    version: VERSION,
    summary: CPU_SUMMARY,
    wheels: [TENSORFLOW_MAC],
    licences: [APACHE],
  },
];

/** @throws {SkilletError} `runtime-platform`: there is none for this platform, or not of this flavour. */
export function findPackage(
  platform: string,
  flavour: Flavour,
  catalogue: readonly RuntimePackage[] = CATALOGUE,
): RuntimePackage {
  const here = catalogue.filter((one) => one.platform === platform);
  const found = here.find((one) => one.flavour === flavour);
  if (found !== undefined) {
    return found;
  }
  if (here.length > 0) {
    throw new SkilletError('runtime-platform', `flavour ${flavour}`, {
      message: `TensorFlow is not published for ${platform} with it.`,
      remedy: `Take the flavour ${here.map((one) => one.flavour).join(' or ')}, or train on the graphics card with device: webgpu.`,
    });
  }
  const platforms = [...new Set(catalogue.map((one) => one.platform))].join(', ');
  throw new SkilletError('runtime-platform', platform, {
    message: `TensorFlow is not published as a library for this platform (only for ${platforms}).`,
    remedy: 'Recipes train here without it: device: wasm on the processor, device: webgpu on the graphics card.',
  });
}

/** What a person accepts by going on. */
export const licencesToAccept = ({ licences }: RuntimePackage) => licences.filter((one) => one.mustBeAccepted);

export const wheelsBytes = (wheels: readonly Wheel[]) => wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);

export const unpackedBytes = (wheels: readonly Wheel[]) =>
  wheels.flatMap((wheel) => wheel.entries).reduce((sum, entry) => sum + entry.bytes, 0);
