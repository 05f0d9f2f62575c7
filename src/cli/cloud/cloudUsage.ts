/** Help of the commands for machines and jobs at a provider. */
import { CONNECT_USAGE } from './connectUsage.ts';

export const CLOUD_USAGE: Readonly<Record<string, { readonly summary: string; readonly help: string }>> = {
  ...CONNECT_USAGE,
};
