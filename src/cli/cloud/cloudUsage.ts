/** Help of the commands for machines and jobs at a provider. */
import { CONNECT_USAGE } from './connectUsage.ts';

export const CLOUD_USAGE: Readonly<Record<string, { readonly summary: string; readonly help: string }>> = {
  ...CONNECT_USAGE,
  instances: {
    summary: 'the machines of an account, with what they cost',
    help: `skillet instances aws [options]

Lists the machines of all regions that the account may use, an hour's price and what each has cost since its last start.
A region that cannot be asked is told at the end, and keeps nothing from the others.

  --region name     this region alone; may be repeated
  --account name    a profile of the provider's own files
  --ours            those alone that Skillet made
  --json            one JSON object: instances, problems

A price that is not known is "?"; a sum with such a one begins with "≥". Exit code 1: no region could be asked.`,
  },
  instance: {
    summary: 'start, stop, reboot or terminate a machine, or print its log',
    help: `skillet instance start|stop|reboot|terminate|log <id> [options]

Says what is lost and what goes on costing, and asks before it starts, stops or terminates. A lasting spot request is
cancelled before its machine is terminated. log prints what the machine has written to its console.

  --region name     where it is; without it all regions are looked through
  --account name    a profile of the provider's own files
  --provider name   default: aws
  --yes             do not ask`,
  },
};
