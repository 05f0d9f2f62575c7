/** What a person or a program needs to get into a machine. */

export interface ConnectInfo {
  readonly host: string;
  readonly port: number;
  /** Who to sign in as. */
  readonly user: string;
  /** What a person called the machine; null without a name. */
  readonly name: string | null;
  /** The key pair's name at the provider; null where it has none. */
  readonly keyPair: string | null;
  /** The key's file on this computer, where it is known. */
  readonly keyFile: string | null;
  /** Keys that the machine itself told the provider, as `ssh-ed25519 AAAA…`; empty where it has not (yet). */
  readonly hostKeys: readonly string[];
  /** What answers on the machine besides SSH: RStudio at 8787 with its sign-in, Jupyter at 8888. */
  readonly services: readonly ConnectService[];
  /** Who may come in by that port. */
  readonly access: ConnectAccess;
}

export interface ConnectAccess {
  /** The machine's groups, as `name (id)`. */
  readonly groups: readonly string[];
  /** Addresses, groups and lists that a rule lets in; empty where none does; null is "not known". */
  readonly openTo: readonly string[] | null;
}

export interface ConnectService {
  readonly name: 'rstudio' | 'jupyter';
  readonly port: number;
  /** Null where it asks for none. */
  readonly user: string | null;
  /** RStudio's image takes the instance id as its first password. */
  readonly password: string | null;
}

/** How far a machine has come on its way up, in order. */
export interface Readiness {
  readonly isRunning: boolean;
  readonly systemCheck: CheckState;
  readonly instanceCheck: CheckState;
}

export type CheckState = 'ok' | 'waiting' | 'failed' | 'unknown';

/** A line that the guard on a machine writes to its console: this, a space, and the notice as JSON. */
export const NOTICE_MARKER = 'skillet-notice';

/** A word from the provider that a machine will soon be taken away. */
export interface SpotNotice {
  readonly kind: 'interruption' | 'rebalance';
  readonly instanceId: string;
  readonly region: string;
  /** ISO 8601, when it will be taken; null for a recommendation. */
  readonly at: string | null;
  readonly action: 'terminate' | 'stop' | 'hibernate' | null;
  /** Not the provider's word but an exercise. */
  readonly isDrill?: boolean;
}
