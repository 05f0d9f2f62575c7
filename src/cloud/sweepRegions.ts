/** A sweep through the regions of an account, several at once: each finding as soon as it is there. */
import { SkilletError } from '../common/errors.ts';
import { mergeParallel } from './mergeParallel.ts';
import type { LeftoversOfKind, SweepVerbs } from './provider.ts';

export type SweepEvent =
  | ({ readonly type: 'found' } & LeftoversOfKind)
  /** A region has told all that it will; with the reason where that is nothing. */
  | { readonly type: 'regionEnd'; readonly region: string; readonly fault: string | null };

/** More at once make AWS answer each of them later. */
const REGIONS_AT_ONCE = 6;

export function sweepRegions(
  verbs: SweepVerbs,
  regions: readonly string[],
  signal: AbortSignal,
): AsyncIterable<SweepEvent> {
  return mergeParallel(regions, REGIONS_AT_ONCE, (region) => sweepOne(verbs, region, signal));
}

async function* sweepOne(verbs: SweepVerbs, region: string, signal: AbortSignal): AsyncGenerator<SweepEvent> {
  let fault: string | null = null;
  try {
    for await (const some of verbs.leftovers(region, signal)) {
      yield { type: 'found', ...some };
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SkilletError)) {
      throw error;
    }
    fault = `${error.message} ${error.remedy}`;
  }
  yield { type: 'regionEnd', region, fault };
}
