/** What disks of each kind may be at AWS: sizes, operations a second, throughput. */
import type { Problem } from '../errors.ts';
import type { ProfileVolume } from './launchProfile.ts';
import { wrong } from './profileProblem.ts';

export interface VolumeLimits {
  readonly minimumGb: number;
  readonly maximumGb: number;
  /** Null where nobody can choose it. */
  readonly iops: IopsLimits | null;
  /** MiB/s; null where nobody can choose it. */
  readonly throughput: { readonly minimum: number; readonly maximum: number; readonly perIops: number } | null;
  readonly canBeRoot: boolean;
}

export interface IopsLimits {
  readonly minimum: number;
  readonly maximum: number;
  /** At most so many for each GiB. */
  readonly perGb: number;
  /** What a disk has that names none; null where it has to name them. */
  readonly included: number | null;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html; gp3's were raised in September 2025. */
export const VOLUME_LIMITS: Readonly<Record<ProfileVolume['type'], VolumeLimits>> = {
  gp2: { minimumGb: 1, maximumGb: 16384, iops: null, throughput: null, canBeRoot: true },
  gp3: {
    minimumGb: 1,
    maximumGb: 65536,
    iops: { minimum: 3000, maximum: 80_000, perGb: 500, included: 3000 },
    throughput: { minimum: 125, maximum: 2000, perIops: 0.25 },
    canBeRoot: true,
  },
  io1: {
    minimumGb: 4,
    maximumGb: 16384,
    iops: { minimum: 100, maximum: 64_000, perGb: 50, included: null },
    throughput: null,
    canBeRoot: true,
  },
  io2: {
    minimumGb: 4,
    maximumGb: 65536,
    iops: { minimum: 100, maximum: 256_000, perGb: 1000, included: null },
    throughput: null,
    canBeRoot: true,
  },
  st1: { minimumGb: 125, maximumGb: 16384, iops: null, throughput: null, canBeRoot: false },
  sc1: { minimumGb: 125, maximumGb: 16384, iops: null, throughput: null, canBeRoot: false },
  standard: { minimumGb: 1, maximumGb: 1024, iops: null, throughput: null, canBeRoot: true },
};

/** The most operations a second that a disk of this size may have; null where nobody can choose them. */
export function mostIops(type: ProfileVolume['type'], sizeGb: number): number | null {
  const { iops } = VOLUME_LIMITS[type];
  return iops === null ? null : Math.min(iops.maximum, Math.max(iops.included ?? 0, iops.perGb * sizeGb));
}

/** The most MiB/s that a disk with these operations a second may have; null where nobody can choose it. */
export function mostThroughputMbps(type: ProfileVolume['type'], iops: number | undefined): number | null {
  const { throughput, iops: limits } = VOLUME_LIMITS[type];
  return throughput === null
    ? null
    : Math.min(throughput.maximum, Math.floor(throughput.perIops * (iops ?? limits?.included ?? 0)));
}

export function checkVolumes(volumes: readonly ProfileVolume[]): Problem[] {
  return volumes.flatMap((volume, index) => {
    const path = `volumes[${index}]`;
    const isRepeated = volumes.findIndex((other) => other.device === volume.device) < index;
    const repeated = isRepeated
      ? [wrong(`${path}.device`, `${volume.device} is there twice.`, 'Give each disk a device of its own.')]
      : [];
    return [...repeated, ...checkDevice(volume, path), ...checkVolume(volume, path)];
  });
}

function checkDevice({ device, type }: ProfileVolume, path: string): Problem[] {
  if (device === 'root') {
    return VOLUME_LIMITS[type].canBeRoot
      ? []
      : [
          wrong(
            `${path}.type`,
            `${type} cannot be the disk that a machine starts from.`,
            'Use gp3 for root, and this kind for a second disk.',
          ),
        ];
  }
  return /^\/dev\/(?:sd[a-z]\d{0,2}|xvd[a-z]{1,2})$/.test(device)
    ? []
    : [
        wrong(
          `${path}.device`,
          `"${device}" is no name of a disk.`,
          'Write root, or a name from /dev/sdf to /dev/sdp.',
        ),
      ];
}

function checkVolume(volume: ProfileVolume, path: string): Problem[] {
  const { type, sizeGb, encrypted, kmsKey } = volume;
  const { minimumGb, maximumGb } = VOLUME_LIMITS[type];
  const size =
    sizeGb < minimumGb || sizeGb > maximumGb
      ? [
          wrong(
            `${path}.sizeGb`,
            `${sizeGb} GiB is not a size of ${type}.`,
            `Use ${minimumGb} to ${maximumGb} GiB, or another kind of disk.`,
          ),
        ]
      : [];
  const key =
    kmsKey !== undefined && !encrypted
      ? [wrong(`${path}.kmsKey`, 'is named for a disk that is not encrypted.', 'Write encrypted: true, or no key.')]
      : [];
  return [...size, ...checkIops(volume, path), ...checkThroughput(volume, path), ...key];
}

function checkIops({ type, sizeGb, iops }: ProfileVolume, path: string): Problem[] {
  const limits = VOLUME_LIMITS[type].iops;
  const field = `${path}.iops`;
  if (limits === null) {
    return iops === undefined
      ? []
      : [wrong(field, `cannot be chosen for ${type}.`, 'Leave it out, or use gp3 or io2.')];
  }
  if (iops === undefined) {
    return limits.included === null
      ? [wrong(field, `is missing, and ${type} has no default.`, `Write ${limits.minimum} or more.`)]
      : [];
  }
  if (iops < limits.minimum || iops > limits.maximum) {
    return [wrong(field, `${iops} is not possible for ${type}.`, `Use ${limits.minimum} to ${limits.maximum}.`)];
  }
  const most = mostIops(type, sizeGb) ?? 0;
  return iops > most
    ? [
        wrong(
          field,
          `${iops} is too much for ${sizeGb} GiB: ${type} gives at most ${limits.perGb} for each GiB.`,
          `Use at most ${most}, or ${Math.ceil(iops / limits.perGb)} GiB.`,
        ),
      ]
    : [];
}

function checkThroughput({ type, iops, throughputMbps }: ProfileVolume, path: string): Problem[] {
  if (throughputMbps === undefined) {
    return [];
  }
  const limits = VOLUME_LIMITS[type].throughput;
  const field = `${path}.throughputMbps`;
  if (limits === null) {
    return [wrong(field, `cannot be chosen for ${type}.`, 'Leave it out, or use gp3.')];
  }
  if (throughputMbps < limits.minimum || throughputMbps > limits.maximum) {
    return [wrong(field, `${throughputMbps} is not possible.`, `Use ${limits.minimum} to ${limits.maximum}.`)];
  }
  const most = mostThroughputMbps(type, iops) ?? 0;
  return throughputMbps > most
    ? [
        wrong(
          field,
          `${throughputMbps} MiB/s need more operations a second: at most ${limits.perIops} MiB/s for each.`,
          `Use at most ${most}, or iops: ${Math.ceil(throughputMbps / limits.perIops)}.`,
        ),
      ]
    : [];
}
