/** All that the page of a machine can say and hear. */
import type { FleetRow } from './cloud/fleet.ts';
import type { InstanceRef } from './cloud/instance.ts';
import type { Problem } from './errors.ts';

export interface ToInstancePage {
  readonly type: 'instance';
  readonly ref: InstanceRef;
  /** Null where there is none of that id, or it is not known yet. */
  readonly row: FleetRow | null;
  readonly regionTitle: string;
  readonly profile: string;
  /** Why it cannot be asked now. */
  readonly fault: Problem | null;
  /** Whether its region was asked, so that a row that is not there means a machine that is gone. */
  readonly isKnown: boolean;
  /** ms; what ages are told from. */
  readonly now: number;
}

export type InstancePageAction =
  | 'start'
  | 'stop'
  | 'reboot'
  | 'terminate'
  | 'connect'
  | 'copy'
  | 'console'
  | 'log'
  | 'signIn';

export type FromInstancePage =
  | { readonly type: 'ready' }
  | { readonly type: 'refresh' }
  | { readonly type: 'act'; readonly action: InstancePageAction };
