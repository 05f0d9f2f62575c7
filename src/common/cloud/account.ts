/** Whose account is used, and what of it can be chosen. */
import type { ProviderId } from './instance.ts';

/** A way in that the provider's own files name; it holds no secret. */
export interface ProfileChoice {
  readonly provider: ProviderId;
  /** `default` for the one that is taken when none is named. */
  readonly name: string;
  readonly region: string | null;
  /** How it signs in, in words for a person: `access key`, `SSO (my-sso)`, `role arn:… through dev`. */
  readonly how: string;
  /** Whether it signs in by a browser, so that an expired one can be renewed by that. */
  readonly isSso: boolean;
}

/** Who the credentials belong to, as the provider says. */
export interface Identity {
  readonly provider: ProviderId;
  readonly profile: string | null;
  /** AWS: the twelve digits. */
  readonly accountId: string;
  /** AWS: the ARN. */
  readonly who: string;
}

export interface Region {
  readonly name: string;
  /** What people call it: `Europe (Ireland)`. */
  readonly title: string;
}
