/** What a path of a profile, and what is wrong there, is called in the form. */
import type { Problem } from '../../common/errors.ts';

const WORDS: Readonly<Record<string, string>> = {
  instanceType: 'machine',
  image: 'image',
  region: 'region',
  zone: 'zone',
  name: 'name',
  count: 'how many',
  keyPair: 'key pair',
  securityGroup: 'security group',
  rules: 'rule',
  volumes: 'disk',
  tags: 'tags',
  guard: 'guard',
  fallback: 'when there is no capacity',
  regions: 'region',
  network: 'network',
  purchase: 'how to pay',
  userData: 'script',
  role: 'role',
  shutdown: 'shutdown',
  port: 'port',
  from: 'source',
  description: 'note',
  file: "private key's file",
  publicKeyFile: "public key's file",
  saveTo: 'where the private key is saved',
  sizeGb: 'size',
  iops: 'IOPS',
  throughputMbps: 'throughput',
  device: 'device',
  type: 'kind',
  keyType: 'kind',
  deadlineHours: 'hours',
  idleMinutes: 'minutes without work',
  action: 'what ending means',
  maximumPricePerHourUsd: 'maximum price',
  interruption: 'when it is taken back',
  subnet: 'subnet',
  vpc: 'network',
};

/** `volumes[0].iops` → `disk 1, IOPS`; parts that only choose between forms are left out. */
export function pathWords(path: string): string {
  const words = path.split('.').flatMap((part) => {
    const [, name = part, index] = /^(.*?)(?:\[(\d+)\])?$/.exec(part) ?? [];
    const word = WORDS[name];
    return word === undefined ? [] : [index === undefined ? word : `${word} ${Number(index) + 1}`];
  });
  return words.length === 0 ? path : words.join(', ');
}

/** What is said at a field that was left empty; the check's own words are for those who write a file. */
const EMPTY_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^instanceType$/, 'Choose a machine.'],
  [/^image$/, 'Choose an image.'],
  [/^keyPair\.existing\.name$/, 'Choose a key pair.'],
  [/^securityGroup\.existing\.ids$/, 'Choose a group.'],
  [/\.port$/, 'Write a port, or a range such as 8000-8010.'],
  [/\.sizeGb$/, 'Write a size.'],
  [/^guard\.\w+$/, 'Write a number.'],
  [/\.name$/, 'Write a name.'],
  [/\.(?:saveTo|publicKeyFile|file)$/, 'Choose a file.'],
];

/** A problem as the form says it. */
export function problemWords({ path, message, remedy }: Problem): string {
  const isEmpty = /^(?:is missing|""|\[\] is too small)/.test(message);
  const own = isEmpty ? EMPTY_WORDS.find(([pattern]) => pattern.test(path))?.[1] : undefined;
  return own ?? `${sentence(message)} ${remedy}`;
}

/** Messages begin as the rest of a sentence about their field. */
function sentence(message: string): string {
  const whole = /^(?:is|has|cannot|makes|does|begins|needs)\b/.test(message) ? `It ${message}` : message;
  return whole.replace(/^and\b/, 'This and').replace(/^are\b/, 'They are');
}
