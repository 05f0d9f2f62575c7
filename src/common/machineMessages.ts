/** All that the page of "Check This Machine" can say and hear. */
import type { Check, MachineReport, PlannedCheck } from './machine/check.ts';

export type ToMachinePage =
  /** A check begins: these lines will come, in this order. */
  | { readonly type: 'begin'; readonly plan: readonly PlannedCheck[] }
  | { readonly type: 'check'; readonly check: Check }
  | { readonly type: 'end'; readonly report: MachineReport }
  /** It broke off; `message` is a whole sentence. */
  | { readonly type: 'failed'; readonly message: string };

export type FromMachinePage =
  | { readonly type: 'ready' }
  | { readonly type: 'checkAgain' }
  | { readonly type: 'copyReport' }
  /** What a line's remedy offers; `check` is the line's id. */
  | { readonly type: 'copyCommand' | 'typeCommand'; readonly check: string }
  | { readonly type: 'setUp' }
  | { readonly type: 'openSettings' };
