/** What a path of a profile is called in the form. */

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
