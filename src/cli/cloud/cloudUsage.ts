/** Help of the commands for machines and jobs at a provider. */

export const CLOUD_USAGE: Readonly<Record<string, { readonly summary: string; readonly help: string }>> = {};
