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
  --account profile another way to sign in (see skillet profiles)
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
  --account profile another way to sign in (see skillet profiles)
  --provider name   default: aws
  --yes             do not ask`,
  },
  profiles: {
    summary: "the ways to sign in to a provider that this computer's files name",
    help: `skillet profiles aws [--json]

Reads the provider's own files and asks nobody. Every command for machines takes one with --account.`,
  },
  regions: {
    summary: 'the regions that an account may use, and whose account it is',
    help: `skillet regions aws [--account profile] [--json]`,
  },
  offers: {
    summary: 'GPU machines with their prices, the cheapest first',
    help: `skillet offers aws [options]

Lists the machines with a GPU that a region rents out: on demand, as spot in the cheapest zone, and whether the account's
quota allows it. A price that is not known is a question mark. What could not be asked is said at the end.

  --region name      this region; may be repeated (default: the account's)
  --all-regions      every region of the account
  --gpu name         a part of the card's name: a10g
  --gpus n           at least so many cards
  --gpu-memory n     at least so many GiB on all cards together
  --type pattern     a part of the machine's name, or with * and ?: 'g5.*'
  --count n          for so many machines; the quota is judged by it
  --without-gpu      machines without a GPU, too
  --account profile  another way to sign in (see skillet profiles)
  --json             print one JSON object: offers, faults`,
  },
  images: {
    summary: 'images to start a machine from',
    help: `skillet images aws [part of the name] [options]

Without a name: the deep-learning images that the provider keeps up to date. With one: all whose name has these words in
this order, letter case aside; * and ? stand for anything.

  --region name      whose images (default: the account's region)
  --from source      recommended, own or marketplace
  --account profile  another way to sign in (see skillet profiles)
  --json             print one JSON array`,
  },
  reserved: {
    summary: 'machines bought for a term: what is offered, what there is, buying',
    help: `skillet reserved aws [--region name]
skillet reserved aws --type g5.xlarge [--hours-per-month h] [options]
skillet reserved aws --type g5.xlarge --buy id [--count n] [--confirm g5.xlarge]

The first lists the account's reservations, the second what is offered for a machine beside its price on demand for the
hours that you expect to use it, the third buys: it asks you to type the machine's name, or takes it from --confirm.
A term is paid to its end, used or not, and cannot be given back.

  --region name        where (default: the account's region)
  --hours-per-month h  how long you would use one on demand (default: 730, always)
  --buy id             buy this term
  --count n            so many machines (default: 1)
  --confirm type       the machine's name, where there is no terminal to type it at
  --account profile    another way to sign in (see skillet profiles)
  --json               print JSON`,
  },
};
