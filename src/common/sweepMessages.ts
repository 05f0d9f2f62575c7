/** All that the page of a sweep can say and hear. */
import type { Leftover, LeftoverKind } from './cloud/leftover.ts';

export type ToSweepPage =
  /** A sweep begins: these regions will be looked through. Those of the last one are forgotten. */
  | { readonly type: 'begin'; readonly account: string; readonly regions: readonly string[] }
  | {
      readonly type: 'found';
      readonly region: string;
      readonly kind: LeftoverKind;
      readonly leftovers: readonly Leftover[];
      readonly fault: string | null;
    }
  /** A region has told all that it will. */
  | { readonly type: 'regionEnd'; readonly region: string; readonly fault: string | null }
  | { readonly type: 'end' }
  /** The sweep could not begin, or broke off; `message` is a whole sentence. */
  | { readonly type: 'failed'; readonly message: string }
  /** By key: these are being removed now. */
  | { readonly type: 'removing'; readonly keys: readonly string[] }
  | { readonly type: 'removed'; readonly key: string; readonly isRemoved: boolean; readonly message: string }
  | { readonly type: 'removalEnd' };

export type FromSweepPage =
  | { readonly type: 'ready' }
  | { readonly type: 'sweepAgain' }
  | { readonly type: 'stop' }
  | { readonly type: 'remove'; readonly keys: readonly string[] };
