/** What the form holds: each field as it is typed, and how that stands in a profile. */
import type { LaunchProfile, ProfileRule, ProfileVolume } from '../../common/cloud/launchProfile.ts';

export interface VolumeDraft {
  readonly device: string;
  readonly type: ProfileVolume['type'];
  readonly sizeGb: string;
  readonly iops: string;
  readonly throughputMbps: string;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
  readonly kmsKey: string;
  readonly snapshot: string;
}

export interface RuleDraft {
  readonly port: string;
  readonly protocol: ProfileRule['protocol'];
  readonly from: string;
  readonly description: string;
}

export interface TagDraft {
  readonly name: string;
  readonly value: string;
}

export interface Draft {
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly instanceType: string;
  readonly purchase: 'onDemand' | 'spot';
  readonly maximumPrice: string;
  readonly interruption: 'terminate' | 'stop' | 'hibernate';
  readonly fallBackToOnDemand: boolean;
  /** `name`: by name, newest first; only from an opened profile. */
  readonly image: LaunchProfile['image'] | null;
  /** What the chosen image is called. */
  readonly imageTitle: string;
  readonly key: 'none' | 'existing' | 'import' | 'create';
  readonly keyName: string;
  readonly newKeyName: string;
  readonly newKeyType: 'ed25519' | 'rsa';
  readonly keyFile: string;
  readonly publicKeyFile: string;
  readonly saveTo: string;
  readonly name: string;
  readonly count: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly publicAddress: 'subnet' | 'yes' | 'no';
  readonly volumes: readonly VolumeDraft[];
  readonly tags: readonly TagDraft[];
  readonly group: 'create' | 'existing';
  readonly groupIds: readonly string[];
  readonly groupName: string;
  readonly rules: readonly RuleDraft[];
  readonly userData: string;
  readonly userDataFile: string;
  readonly role: string;
  readonly shutdown: 'stop' | 'terminate';
  readonly hasDeadline: boolean;
  readonly deadlineHours: string;
  readonly hasIdle: boolean;
  readonly idleMinutes: string;
  readonly guardAction: 'stop' | 'terminate';
  readonly fallbackZones: boolean;
  readonly fallbackRegions: readonly string[];
}

export const NEW_RULE: RuleDraft = { port: '', protocol: 'tcp', from: 'my-address', description: '' };
export const NEW_VOLUME: VolumeDraft = {
  device: '/dev/sdf',
  type: 'gp3',
  sizeGb: '100',
  iops: '',
  throughputMbps: '',
  encrypted: true,
  deleteOnTermination: true,
  kmsKey: '',
  snapshot: '',
};

export const emptyDraft: Draft = {
  account: '',
  region: '',
  zone: '',
  instanceType: '',
  purchase: 'onDemand',
  maximumPrice: '',
  interruption: 'terminate',
  fallBackToOnDemand: true,
  image: null,
  imageTitle: '',
  key: 'create',
  keyName: '',
  newKeyName: 'skillet',
  newKeyType: 'ed25519',
  keyFile: '',
  publicKeyFile: '~/.ssh/id_ed25519.pub',
  saveTo: '~/.ssh/skillet.pem',
  name: '',
  count: '1',
  vpc: '',
  subnet: '',
  publicAddress: 'subnet',
  volumes: [],
  tags: [],
  group: 'create',
  groupIds: [],
  groupName: 'skillet',
  rules: [{ port: '22', protocol: 'tcp', from: 'my-address', description: 'SSH' }],
  userData: '',
  userDataFile: '',
  role: '',
  shutdown: 'stop',
  hasDeadline: true,
  deadlineHours: '8',
  hasIdle: true,
  idleMinutes: '30',
  guardAction: 'stop',
  fallbackZones: true,
  fallbackRegions: [],
};

/** As it would stand in a file. A number that is none stays text, so that the check names it. */
export function toProfile(draft: Draft): Record<string, unknown> {
  return withoutAbsent({
    account: orAbsent(draft.account),
    region: orAbsent(draft.region),
    zone: orAbsent(draft.zone),
    instanceType: orAbsent(draft.instanceType),
    name: orAbsent(draft.name),
    count: toNumber(draft.count),
    image: imageOf(draft.image),
    purchase: purchaseOf(draft),
    fallback: { zones: draft.fallbackZones, regions: draft.fallbackRegions },
    network: withoutAbsent({
      vpc: orAbsent(draft.vpc),
      subnet: orAbsent(draft.subnet),
      publicAddress: draft.publicAddress === 'subnet' ? undefined : draft.publicAddress === 'yes',
    }),
    volumes: draft.volumes.map(volumeOf),
    tags: Object.fromEntries(draft.tags.filter(({ name }) => name !== '').map(({ name, value }) => [name, value])),
    securityGroup: groupOf(draft),
    keyPair: keyOf(draft),
    userData: orAbsent(draft.userData),
    userDataFile: orAbsent(draft.userDataFile),
    role: orAbsent(draft.role),
    shutdown: draft.shutdown,
    guard: {
      deadlineHours: draft.hasDeadline ? (toNumber(draft.deadlineHours) ?? '') : null,
      idleMinutes: draft.hasIdle ? (toNumber(draft.idleMinutes) ?? '') : null,
      action: draft.guardAction,
    },
  });
}

function imageOf(image: Draft['image']) {
  if (image === null) {
    return undefined;
  }
  const { type, ...settings } = image;
  return { [type]: settings };
}

function purchaseOf({ purchase, maximumPrice, interruption, fallBackToOnDemand }: Draft) {
  if (purchase === 'onDemand') {
    return 'onDemand';
  }
  return { spot: withoutAbsent({ maximumPricePerHourUsd: toNumber(maximumPrice), interruption, fallBackToOnDemand }) };
}

function volumeOf(volume: VolumeDraft) {
  const { sizeGb, iops, throughputMbps, kmsKey, snapshot, ...rest } = volume;
  return withoutAbsent({
    ...rest,
    sizeGb: toNumber(sizeGb),
    iops: toNumber(iops),
    throughputMbps: toNumber(throughputMbps),
    kmsKey: orAbsent(kmsKey),
    snapshot: orAbsent(snapshot),
  });
}

function groupOf({ group, groupIds, groupName, rules }: Draft) {
  return group === 'existing'
    ? { existing: { ids: groupIds } }
    : {
        create: {
          name: groupName,
          rules: rules.map(({ port, protocol, from, description }) =>
            withoutAbsent({
              // Where all ports are meant there is none to name.
              port: protocol === 'icmp' || protocol === 'all' ? 0 : (toNumber(port) ?? ''),
              protocol,
              from,
              description: orAbsent(description),
            }),
          ),
        },
      };
}

function keyOf(draft: Draft) {
  switch (draft.key) {
    case 'none':
      return 'none';
    case 'existing':
      return { existing: withoutAbsent({ name: draft.keyName, file: orAbsent(draft.keyFile) }) };
    case 'import':
      return { import: { name: draft.newKeyName, publicKeyFile: draft.publicKeyFile } };
    case 'create':
      return { create: { name: draft.newKeyName, keyType: draft.newKeyType, saveTo: draft.saveTo } };
  }
}

/** What a profile says, put into the form; what it leaves out is as the form has it. */
export function fromProfile(profile: LaunchProfile): Draft {
  const { purchase, network, keyPair, securityGroup, guard } = profile;
  return {
    ...emptyDraft,
    account: profile.account ?? '',
    region: profile.region,
    zone: profile.zone ?? '',
    instanceType: profile.instanceType,
    ...(purchase.type === 'spot'
      ? {
          purchase: 'spot' as const,
          maximumPrice: fromNumber(purchase.maximumPricePerHourUsd),
          interruption: purchase.interruption,
          fallBackToOnDemand: purchase.fallBackToOnDemand,
        }
      : {}),
    image: profile.image,
    imageTitle: imageTitleOf(profile.image),
    ...keyFields(keyPair),
    name: profile.name ?? '',
    count: String(profile.count),
    vpc: network.vpc ?? '',
    subnet: network.subnet ?? '',
    publicAddress: network.publicAddress === undefined ? 'subnet' : network.publicAddress ? 'yes' : 'no',
    volumes: profile.volumes.map((volume) => ({
      ...NEW_VOLUME,
      ...volume,
      sizeGb: String(volume.sizeGb),
      iops: fromNumber(volume.iops),
      throughputMbps: fromNumber(volume.throughputMbps),
      kmsKey: volume.kmsKey ?? '',
      snapshot: volume.snapshot ?? '',
    })),
    tags: Object.entries(profile.tags).map(([name, value]) => ({ name, value })),
    ...(securityGroup.type === 'existing'
      ? { group: 'existing' as const, groupIds: securityGroup.ids }
      : {
          groupName: securityGroup.name,
          rules: securityGroup.rules.map((rule) => ({
            ...rule,
            port: String(rule.port),
            description: rule.description ?? '',
          })),
        }),
    userData: profile.userData ?? '',
    userDataFile: profile.userDataFile ?? '',
    role: profile.role ?? '',
    shutdown: profile.shutdown,
    hasDeadline: guard.deadlineHours !== null,
    deadlineHours: String(guard.deadlineHours ?? emptyDraft.deadlineHours),
    hasIdle: guard.idleMinutes !== null,
    idleMinutes: String(guard.idleMinutes ?? emptyDraft.idleMinutes),
    guardAction: guard.action,
    fallbackZones: profile.fallback.zones,
    fallbackRegions: profile.fallback.regions,
  };
}

function keyFields(keyPair: LaunchProfile['keyPair']): Partial<Draft> {
  switch (keyPair.type) {
    case 'none':
      return { key: 'none' };
    case 'existing':
      return { key: 'existing', keyName: keyPair.name, keyFile: keyPair.file ?? '' };
    case 'import':
      return { key: 'import', newKeyName: keyPair.name, publicKeyFile: keyPair.publicKeyFile };
    case 'create':
      return { key: 'create', newKeyName: keyPair.name, newKeyType: keyPair.keyType, saveTo: keyPair.saveTo };
  }
}

export function imageTitleOf(image: LaunchProfile['image']): string {
  return image.type === 'id' ? image.id : image.name;
}

function orAbsent(text: string): string | undefined {
  return text.trim() === '' ? undefined : text;
}

function toNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') {
    return undefined;
  }
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

function fromNumber(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function withoutAbsent(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
