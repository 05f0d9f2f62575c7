/** The rules between the fields of a launch profile. */
import { type Problem, SkilletError } from '../errors.ts';
import { checkGroup } from './groupRules.ts';
import type { LaunchProfile } from './launchProfile.ts';
import { warn, wrong } from './profileProblem.ts';
import { checkTags } from './tagRules.ts';
import { combineUserData } from './userData.ts';
import { checkVolumes } from './volumeRules.ts';

/** All that is wrong, and what a person should know (`severity: 'warning'`), each with its field. */
export function checkLaunchProfile(profile: LaunchProfile): Problem[] {
  return [
    ...checkPlace(profile),
    ...checkPurchase(profile),
    ...checkFallback(profile),
    ...checkVolumes(profile.volumes),
    ...checkTags(profile),
    ...checkGroup(profile),
    ...checkKeyPair(profile),
    ...checkUserData(profile),
    ...checkGuard(profile),
  ];
}

/** A spot machine whose request starts it again after the provider has taken it. */
export function isLasting({ purchase }: Pick<LaunchProfile, 'purchase'>): boolean {
  return purchase.type === 'spot' && purchase.interruption !== 'terminate';
}

/** A spot machine that is gone when it ends, in whichever way. */
function isOneTime({ purchase }: LaunchProfile): boolean {
  return purchase.type === 'spot' && purchase.interruption === 'terminate';
}

function checkPlace({ region, zone, network, role }: LaunchProfile): Problem[] {
  const isZone = zone === undefined || (zone.startsWith(region) && zone.length > region.length);
  const { subnet, vpc } = network;
  return [
    ...(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)
      ? []
      : [wrong('region', `"${region}" is no region.`, 'Write one such as us-east-1.')]),
    ...(isZone ? [] : [wrong('zone', `"${zone}" is no zone of ${region}.`, `Write one such as ${region}a.`)]),
    ...(subnet === undefined || /^subnet-[0-9a-f]+$/.test(subnet)
      ? []
      : [wrong('network.subnet', `"${subnet}" is no id of a subnet.`, 'Write one such as subnet-0abc….')]),
    ...(vpc === undefined || /^vpc-[0-9a-f]+$/.test(vpc)
      ? []
      : [wrong('network.vpc', `"${vpc}" is no id of a network.`, 'Write one such as vpc-0abc….')]),
    ...(role === undefined || /^(?:[\w+=,.@-]{1,128}|arn:[\w-]+:iam::\d{12}:instance-profile\/[\w+=,.@/-]+)$/.test(role)
      ? []
      : [wrong('role', `"${role}" is no instance profile.`, 'Write its name, or arn:aws:iam::…:instance-profile/….')]),
  ];
}

function checkPurchase(profile: LaunchProfile): Problem[] {
  const { purchase, volumes, shutdown, guard } = profile;
  if (purchase.type !== 'spot') {
    return [];
  }
  const root = volumes.find(({ device }) => device === 'root');
  const hibernation =
    purchase.interruption === 'hibernate' && root?.encrypted !== true
      ? [
          wrong(
            'purchase.spot.interruption',
            'hibernate keeps the memory on the root disk, which has to be encrypted for it.',
            'Add a volume with device: root and encrypted: true, large enough for the memory too; or use stop.',
          ),
        ]
      : [];
  const endsItself = shutdown === 'terminate' ? 'shutdown' : guard.action === 'terminate' ? 'guard.action' : null;
  const revival =
    isLasting(profile) && endsItself !== null
      ? [
          wrong(
            endsItself,
            `terminate does not fit interruption: ${purchase.interruption}: its lasting request would start another machine.`,
            `Write ${endsItself}: stop, or purchase.spot.interruption: terminate.`,
          ),
        ]
      : [];
  return [...hibernation, ...revival, ...checkOneTime(profile)];
}

function checkOneTime(profile: LaunchProfile): Problem[] {
  return isOneTime(profile) && profile.shutdown === 'stop'
    ? [
        warn(
          'shutdown',
          'A spot machine with interruption: terminate cannot be stopped: a shutdown from inside, and the guard, terminate it.',
          'Keep what matters on a volume that stays (deleteOnTermination: false), or write interruption: stop.',
        ),
      ]
    : [];
}

/** What is known by an id is in one region alone. */
function checkFallback({
  region,
  fallback,
  image,
  network,
  securityGroup,
  volumes,
  zone,
  keyPair,
}: LaunchProfile): Problem[] {
  const { regions } = fallback;
  if (regions.length === 0) {
    return network.subnet !== undefined && zone === undefined && fallback.zones
      ? [warn('network.subnet', 'is in one zone, so no other zone is tried.', 'Leave it out to use any zone.')]
      : [];
  }
  const only = (path: string, thing: string, remedy: string) =>
    wrong(path, `${thing} is in ${region} alone, so no other region can be tried.`, remedy);
  const fixed = [
    ...(image.type === 'id' ? [only('image.id', 'An image known by its id', 'Name it by parameter or by name.')] : []),
    ...(network.subnet === undefined ? [] : [only('network.subnet', 'A subnet', 'Leave it or fallback.regions out.')]),
    ...(network.vpc === undefined ? [] : [only('network.vpc', 'A network', 'Leave it or fallback.regions out.')]),
    ...(securityGroup.type === 'existing'
      ? [only('securityGroup.existing', 'A group that is there', 'Use create, or leave fallback.regions out.')]
      : []),
    ...volumes.flatMap(({ snapshot, kmsKey }, index) => [
      ...(snapshot === undefined
        ? []
        : [only(`volumes[${index}].snapshot`, 'A snapshot', 'Leave it or fallback.regions out.')]),
      ...(kmsKey === undefined ? [] : [only(`volumes[${index}].kmsKey`, 'A key', 'Leave it or fallback.regions out.')]),
    ]),
  ];
  const places = regions.flatMap((one, index) => checkOtherRegion(one, index, [region, ...regions]));
  const key =
    keyPair.type === 'existing'
      ? [
          warn(
            'keyPair.existing.name',
            `The key pair has to be there in ${regions.join(', ')} too.`,
            'Import it there, or use import here.',
          ),
        ]
      : [];
  return [...fixed, ...places, ...key];
}

function checkOtherRegion(region: string, index: number, all: readonly string[]): Problem[] {
  const path = `fallback.regions[${index}]`;
  if (!/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region)) {
    return [wrong(path, `"${region}" is no region.`, 'Write one such as us-west-2.')];
  }
  return all.indexOf(region) < index + 1 ? [wrong(path, `${region} is there already.`, 'Name each region once.')] : [];
}

function checkKeyPair({ keyPair, securityGroup }: LaunchProfile): Problem[] {
  if (keyPair.type !== 'none') {
    const { name } = keyPair;
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateKeyPair.html: up to 255 ASCII characters.
    return name.length <= 255 && /^[\x20-\x7e]+$/.test(name) && name.trim() === name
      ? []
      : [
          wrong(
            `keyPair.${keyPair.type}.name`,
            `"${name}" cannot be a name.`,
            'Use at most 255 plain letters and signs.',
          ),
        ];
  }
  const opensSsh =
    securityGroup.type === 'create' && securityGroup.rules.some(({ port }) => port === 22 || port === '22-22');
  return opensSsh
    ? [
        warn(
          'keyPair',
          'Port 22 is open, but without a key pair nobody can sign in over SSH.',
          'Choose a key pair, unless the image or the user data lets somebody in.',
        ),
      ]
    : [];
}

function checkUserData(profile: LaunchProfile): Problem[] {
  const { userData, userDataFile } = profile;
  if (userData !== undefined && userDataFile !== undefined) {
    return [wrong('userDataFile', 'and userData are both given.', 'Take one of them out.')];
  }
  return userData === undefined ? [] : checkUserDataSize(profile, userData, 'userData');
}

/** @param own The script itself, which may come from a file. */
export function checkUserDataSize(profile: LaunchProfile, own: string, path: string): Problem[] {
  try {
    combineUserData(profile, own);
    return [];
  } catch (error) {
    if (error instanceof SkilletError) {
      return [wrong(path, error.message, error.remedy)];
    }
    throw error;
  }
}

function checkGuard(profile: LaunchProfile): Problem[] {
  const { guard, shutdown } = profile;
  if (guard.deadlineHours === null && guard.idleMinutes === null) {
    return [
      warn(
        'guard',
        'Nothing ends the machine by itself: it costs until somebody ends it.',
        'Set deadlineHours or idleMinutes.',
      ),
    ];
  }
  return guard.action !== shutdown && !isOneTime(profile) && !isLasting(profile)
    ? [
        {
          ...wrong(
            'guard.action',
            `${guard.action} does not fit shutdown: ${shutdown}: the guard ends the machine by a shutdown from inside.`,
            `Write the same for both.`,
          ),
          set: { path: 'shutdown', value: guard.action },
        },
      ]
    : [];
}
