/** The deep-learning container that a job runs in where its submitter names none. */
import { SkilletError } from '../../common/errors.ts';
import type { JobProgram } from '../provider.ts';

/** https://github.com/aws/deep-learning-containers names the images; the GPU's has CUDA in it. */
const TAGS = {
  cpu: '2.19.0-cpu-py312-ubuntu22.04-sagemaker',
  gpu: '2.19.0-gpu-py312-cu125-ubuntu22.04-sagemaker',
} as const;

const COMMON_REGISTRY = '763104351884';
const COMMON_REGIONS = new Set(
  `us-east-1 us-east-2 us-west-1 us-west-2 ap-south-1 ap-northeast-1 ap-northeast-2 ap-southeast-1 ap-southeast-2
  ca-central-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 eu-north-1 sa-east-1`.split(/\s+/),
);
/** Of the accounts that hold the images in regions that came later. */
const REGISTRIES: Readonly<Record<string, string>> = {
  'af-south-1': '626614931356',
  'ap-east-1': '871362719292',
  'ap-east-2': '975050140332',
  'ap-northeast-3': '364406365360',
  'ap-south-2': '772153158452',
  'ap-southeast-3': '907027046896',
  'ap-southeast-4': '457447274322',
  'ap-southeast-5': '550225433462',
  'ap-southeast-6': '633930458069',
  'ap-southeast-7': '590183813437',
  'ca-west-1': '204538143572',
  'cn-north-1': '727897471807',
  'cn-northwest-1': '727897471807',
  'eu-central-2': '380420809688',
  'eu-south-1': '692866216735',
  'eu-south-2': '503227376785',
  'il-central-1': '780543022126',
  'me-central-1': '914824155844',
  'me-south-1': '217643126080',
  'mx-central-1': '637423239942',
  'us-gov-east-1': '446045086412',
  'us-gov-west-1': '442386744353',
};

export interface ImageAsk {
  readonly region: string;
  readonly instanceType: string;
  readonly program: JobProgram;
}

/** @throws {SkilletError} `cloud-job`: AWS has no image for such a program, kind of machine or region. */
export function jobImage({ region, instanceType, program }: ImageAsk): string {
  const need = (message: string) =>
    new SkilletError('cloud-job', 'image', {
      message,
      remedy: 'Name an image of your own that the role may pull: its URI in Amazon ECR.',
    });
  if (program.type === 'script' && program.language === 'r') {
    throw need("AWS's deep-learning images have no R in them.");
  }
  if (/^ml\.(trn|inf)/.test(instanceType)) {
    throw need(`${instanceType} has AWS's own accelerators, for which no image of TensorFlow is known here.`);
  }
  if (isArm(instanceType)) {
    throw need(`${instanceType} has ARM processors, for which AWS has no image for training.`);
  }
  const registry = COMMON_REGIONS.has(region) ? COMMON_REGISTRY : REGISTRIES[region];
  if (registry === undefined) {
    throw need(`No registry of AWS's deep-learning images is known for ${region}.`);
  }
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${registry}.dkr.ecr.${region}.${domain}/tensorflow-training:${TAGS[hasGpu(instanceType) ? 'gpu' : 'cpu']}`;
}

/** SageMaker's kinds with NVIDIA cards all begin with g or p. */
export function hasGpu(instanceType: string): boolean {
  return /^ml\.[gp]\d/.test(instanceType);
}

/** `ml.c7g`, `ml.m6gd`, but not `ml.g5g`'s letters before the number. */
function isArm(instanceType: string): boolean {
  return /^ml\.[a-z]+\d+g[a-z]*\./.test(instanceType);
}
