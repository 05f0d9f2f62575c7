/** How images are found by their names, and who signs in to them: no request is made here. */

/** Letters as people write them who name images; AWS's own filter tells `Rstudio` from `RStudio`. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  rstudio: ['RStudio', 'Rstudio'],
  tensorflow: ['TensorFlow', 'Tensorflow'],
  pytorch: ['PyTorch', 'Pytorch'],
  gpu: ['GPU'],
  aws: ['AWS'],
  ami: ['AMI'],
  oss: ['OSS'],
  cuda: ['CUDA'],
  nvidia: ['NVIDIA', 'Nvidia'],
  mxnet: ['MXNet', 'Mxnet'],
  jupyter: ['Jupyter', 'JupyterHub'],
  centos: ['CentOS'],
  arm64: ['ARM64', 'arm64'],
  shiny: ['Shiny'],
};
/** Two words in five spellings each: AWS takes at most 200 values in a filter. */
const ASKED_WORDS = 2;

/**
 * Patterns of AWS's `name` filter, in the spellings that are likely, that find all names with the text's words in this
 * order, and some more: only the two longest words are asked for.
 */
export function namePatterns(text: string): readonly string[] {
  const words = text.trim().split(/\s+/);
  const longest = words.toSorted((a, b) => b.length - a.length).slice(0, ASKED_WORDS);
  const all = words
    .filter((word) => longest.includes(word))
    .reduce<readonly string[]>(
      (begun, word) => begun.flatMap((start) => spellingsOf(word).map((spelled) => `${start}*${spelled}`)),
      [''],
    );
  return [...new Set(all.map((pattern) => `${pattern}*`.replace(/\*{2,}/g, '*')))];
}

/** Of `tensorflow-gpu` each part: `TensorFlow-GPU`. */
function spellingsOf(word: string): readonly string[] {
  const parts = word.split(/([^A-Za-z0-9]+)/);
  const known = (part: string, at: number) => {
    const spelled = SPELLINGS[part.toLowerCase()] ?? [];
    return spelled[at] ?? spelled[0] ?? capitalized(part);
  };
  return [
    word,
    parts.map((part) => known(part, 0)).join(''),
    parts.map((part) => known(part, 1)).join(''),
    parts.map(capitalized).join(''),
    word.toLowerCase(),
    word.toUpperCase(),
  ];
}

function capitalized(part: string): string {
  return part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase();
}

/** Whether a name has the words of the text in this order, letter case aside; `*` and `?` stand for anything. */
export function matchesName(name: string, text: string): boolean {
  const words = text.trim().split(/\s+/);
  const escaped = words.map((word) =>
    word
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.'),
  );
  return new RegExp(escaped.join('.*'), 'is').test(name);
}

/** Who a person signs in as over SSH, by what the image's name and description say. */
export function userOf(name: string, description: string): string {
  const text = `${name} ${description}`;
  const row = USERS.find(([pattern]) => pattern.test(text));
  return row?.[1] ?? 'ec2-user';
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/managing-users.html */
const USERS: readonly (readonly [RegExp, string])[] = [
  [/bitnami/i, 'bitnami'],
  [/ubuntu|rstudio/i, 'ubuntu'], // Louis Aslett's and Inception's RStudio images stand on Ubuntu.
  [/debian/i, 'admin'],
  [/centos/i, 'centos'],
  [/rocky/i, 'rocky'],
  [/fedora/i, 'fedora'],
  [/windows/i, 'Administrator'],
];

/** An image's name without the date of its version: what its versions share. */
export function familyOf(name: string): string {
  return name.replace(/\s*(Version\s+[\d.]+|\d{8}([-.]\d+)?)\s*$/i, '').trim();
}

/** Whether a public parameter names the newest version of an image. */
export function isImageParameter(name: string): boolean {
  return /^\/aws\/service\/deeplearning\/ami\/(x86_64|arm64)\/[^/]+\/latest\/ami-id$/.test(name);
}

const PARAMETER_ROOT = '/aws/service/deeplearning/ami';
export const PARAMETER_FOLDERS = [`${PARAMETER_ROOT}/x86_64`, `${PARAMETER_ROOT}/arm64`] as const;

/** https://docs.aws.amazon.com/dlami/latest/devguide/find-dlami-id.html; for accounts that may not list them. */
export const KNOWN_PARAMETERS: readonly string[] = [
  'x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04',
  'x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04',
  'x86_64/base-oss-nvidia-driver-gpu-amazon-linux-2023',
  'x86_64/oss-nvidia-driver-gpu-pytorch-2.9-ubuntu-24.04',
  'x86_64/oss-nvidia-driver-gpu-pytorch-2.8-ubuntu-24.04',
  'x86_64/oss-nvidia-driver-gpu-pytorch-2.7-ubuntu-22.04',
  'x86_64/oss-nvidia-driver-gpu-pytorch-2.7-amazon-linux-2023',
  'x86_64/oss-nvidia-driver-gpu-tensorflow-2.18-ubuntu-22.04',
  'x86_64/oss-nvidia-driver-gpu-tensorflow-2.18-amazon-linux-2023',
  'arm64/base-oss-nvidia-driver-gpu-ubuntu-24.04',
  'arm64/base-oss-nvidia-driver-gpu-ubuntu-22.04',
  'arm64/base-oss-nvidia-driver-gpu-amazon-linux-2023',
].map((type) => `${PARAMETER_ROOT}/${type}/latest/ami-id`);
