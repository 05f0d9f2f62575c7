/** What lies in an account and costs or will be forgotten: found kind by kind, and removed in an order in which it can go. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Leftover, type LeftoverKind, type Removal, removalOrder } from '../../common/cloud/leftover.ts';
import { SkilletError } from '../../common/errors.ts';
import { mergeParallel } from '../mergeParallel.ts';
import type { LeftoversOfKind, SweepVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { createPrices } from './prices.ts';
import { sweepAddresses } from './sweepAddresses.ts';
import { sweepGroups } from './sweepGroups.ts';
import { isTerminated, sweepInstances } from './sweepInstances.ts';
import { sweepKeys } from './sweepKeys.ts';
import { createLook, type SweepKind, type SweepLook } from './sweepKind.ts';
import { sweepSnapshots } from './sweepSnapshots.ts';
import { sweepSpotRequests } from './sweepSpotRequests.ts';
import { sweepVolumes } from './sweepVolumes.ts';

const KINDS: Readonly<Record<LeftoverKind, SweepKind>> = {
  instance: sweepInstances,
  volume: sweepVolumes,
  address: sweepAddresses,
  securityGroup: sweepGroups,
  keyPair: sweepKeys,
  spotRequest: sweepSpotRequests,
  snapshot: sweepSnapshots,
};

/** Kinds of one region that are asked at once; AWS slows down whoever asks more. */
const KINDS_AT_ONCE = 3;
/** A terminated machine's network interface goes a little later than the machine, and its groups can go only then. */
const SETTLING = { tries: 6, pauseMs: 2500 };

export function createSweepVerbs(clients: AwsClients): SweepVerbs {
  const prices = createPrices(clients);
  const lookAt = (region: string, signal: AbortSignal) =>
    createLook({ region, ec2: clients.of('ec2', region), prices, signal });
  return {
    leftovers(region, signal) {
      const look = lookAt(region, signal);
      return mergeParallel(Object.values(KINDS), KINDS_AT_ONCE, (kind) => listKind(kind, look, clients.profile));
    },
    async *remove(leftovers, signal) {
      const removing: Removing = { profile: clients.profile, hasTerminated: false, lookAt: (at) => lookAt(at, signal) };
      for (const some of removalOrder(leftovers)) {
        signal.throwIfAborted();
        yield* some[0]?.kind === 'instance' ? terminateAll(some, removing) : removeEach(some, removing);
      }
    },
  };
}

async function* listKind(kind: SweepKind, look: SweepLook, profile: string | null): AsyncGenerator<LeftoversOfKind> {
  const { region } = look;
  try {
    yield { region, kind: kind.kind, leftovers: await kind.list(look), fault: null };
  } catch (error) {
    const told = toCloudError(error, region, { operation: kind.operation, profile });
    if (!(told instanceof SkilletError)) {
      throw told;
    }
    yield { region, kind: kind.kind, leftovers: [], fault: `${told.message} ${told.remedy}` };
  }
}

interface Removing {
  readonly profile: string | null;
  hasTerminated: boolean;
  lookAt(region: string): SweepLook;
}

async function* removeEach(leftovers: readonly Leftover[], removing: Removing): AsyncGenerator<Removal> {
  for (const leftover of leftovers) {
    yield await removeOne(leftover, removing);
  }
}

/** All are told to end before the first is waited for. */
async function* terminateAll(leftovers: readonly Leftover[], removing: Removing): AsyncGenerator<Removal> {
  const told: Removal[] = [];
  for (const leftover of leftovers) {
    told.push(await removeOne(leftover, removing));
  }
  for (const removal of told) {
    yield removal.isRemoved ? await ended(removal, removing) : removal;
  }
}

async function ended(removal: Removal, removing: Removing): Promise<Removal> {
  const { id, region } = removal.leftover;
  removing.hasTerminated = true;
  try {
    return (await isTerminated(removing.lookAt(region), id))
      ? removal
      : { ...removal, isRemoved: false, message: 'It was told to terminate, and is still at it after ten minutes.' };
  } catch (error) {
    return isGone(error) ? removal : failed(removal.leftover, error, removing);
  }
}

async function removeOne(leftover: Leftover, removing: Removing): Promise<Removal> {
  const kind = KINDS[leftover.kind];
  const look = removing.lookAt(leftover.region);
  try {
    const use = await useNow(kind, look, leftover, removing);
    if (use !== null) {
      return { leftover, isRemoved: false, message: use };
    }
    await kind.remove(look, leftover);
    return { leftover, isRemoved: true, message: '' };
  } catch (error) {
    return isGone(error) ? { leftover, isRemoved: true, message: '' } : failed(leftover, error, removing);
  }
}

/** Looks right before it is removed: somebody may use it since it was listed. */
async function useNow(
  kind: SweepKind,
  look: SweepLook,
  leftover: Leftover,
  { hasTerminated }: Removing,
): Promise<string | null> {
  let use = await kind.use(look, leftover);
  for (let tries = 1; use !== null && hasTerminated && tries < SETTLING.tries; tries += 1) {
    await delay(SETTLING.pauseMs, undefined, { signal: look.signal });
    use = await kind.use(look, leftover);
  }
  return use;
}

/** What went by itself meanwhile is what was wanted. */
function isGone(error: unknown): boolean {
  return error instanceof SkilletError ? error.code === 'cloud-not-found' : /NotFound$/.test((error as Error).name);
}

function failed(leftover: Leftover, error: unknown, { profile }: Removing): Removal {
  const told = toCloudError(error, leftover.id, { operation: KINDS[leftover.kind].removal, profile });
  if (!(told instanceof SkilletError)) {
    throw told;
  }
  return { leftover, isRemoved: false, message: `${told.message} ${told.remedy}` };
}
