/** What an account already has that a launch can use. */
import type { ProfileRule } from './launchProfile.ts';

export interface NetworkChoice {
  readonly vpc: string;
  readonly name: string | null;
  readonly isDefault: boolean;
  readonly cidr: string;
  readonly subnets: readonly SubnetChoice[];
}

export interface SubnetChoice {
  readonly id: string;
  readonly name: string | null;
  readonly zone: string;
  readonly cidr: string;
  readonly isPublic: boolean;
  readonly freeAddresses: number;
}

export interface SecurityGroupChoice {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpc: string | null;
  readonly rules: readonly ProfileRule[];
}

export interface KeyPairChoice {
  readonly name: string;
  readonly type: 'rsa' | 'ed25519';
  readonly fingerprint: string;
}

export interface RoleChoice {
  readonly name: string;
  readonly arn: string;
}
