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
  guard: {
    summary: 'what ends a machine by itself, and changing that while it runs',
    help: `skillet guard aws <id> [options]

Prints when the guard on the machine ends it. With an option it changes that first, by tags of the machine, without
signing in to it: the guard looks at them every minute.

  --deadline when   2h, 90m or 1d from now, a time such as 18:00, an ISO 8601 time, or never
  --idle minutes    ends after so many minutes without work and without anybody signed in (5 to 1440), or never
  --region name     where it is; without it all regions are looked through
  --account profile another way to sign in (see skillet profiles)
  --yes             do not ask before never
  --json            one JSON object`,
  },
  sweep: {
    summary: 'what is left over in an account and costs, and removing it',
    help: `skillet sweep aws [options]

Looks through all regions for what Skillet made, and for what lies about whoever made it: disks at no machine, addresses
that lead nowhere, security groups that nothing is in, open spot requests, snapshots whose disk is gone.

  --region name     this region alone; may be repeated
  --ours            what Skillet made alone
  --remove          remove what Skillet made, nothing uses and holds no data, after a question; each is looked at again
                    before it goes
  --disks           with --remove: disks and snapshots as well, with the data on them
  --others          with --remove: what others made and nothing uses as well
  --machines        with --remove: terminate the machines that Skillet launched as well
  --yes             do not ask
  --account profile another way to sign in (see skillet profiles)
  --json            one JSON object: leftovers, faults, removals

A price that is not known is "?"; a dash is no cost. Exit code 1: something could not be removed, or nothing looked at.`,
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

Lists the machines with a GPU that a region rents out: an hour on demand, as spot in the cheapest zone, and whether the
account's quota of vCPUs allows it, with what is in use already. A price that is not known is a question mark. What could not be asked is said at the end.

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
  launch: {
    summary: 'launch machines from a launch profile',
    help: `skillet launch aws --profile <p2.launch.yaml> [options]

Shows what would be made and what it costs, asks, and launches. Whatever goes wrong on the way, and after Ctrl+C, all
that was made is removed again. Where there is no room, the other zones are tried, then the regions that the profile
names, then on demand where it allows that.

  --profile file   the launch profile (docs/launch-profile.md)
  --dry-run        show the review, ask AWS whether it would do it, and launch nothing
  --yes            do not ask
  --name name      another name
  --count n        another number of machines
  --account name   another named profile of ~/.aws
  --token t        of a launch whose end is not known: it goes on, and makes nothing twice
  --json           print one JSON object a line in place of words

Exit codes
  0    they run; or, with --dry-run, AWS would do it
  1    it failed; nothing of it is left, unless the message says so and names the token to go on with
  2    refused: the profile or an option is wrong, or nobody agreed
  130  cancelled with Ctrl+C; nothing of it is left`,
  },
  submit: {
    summary: 'run a recipe or a script as a job of a provider',
    help: `skillet submit aws <recipe.yaml|script> --role arn --type ml.g5.xlarge [options]

Uploads the recipe with its data and the trainer, or a script with its folder, and starts a training job of Amazon
SageMaker. Says what it costs and asks first. Submitting the same on the same terms again is the same job, not another.

  --role arn           the role that the job works with (docs/jobs.md says what it needs)
  --type name          kind of machine: ml.g5.xlarge
  --region name        where (default: the profile's region)
  --spot               on spare machines, which may be taken away; the run then goes on from its last checkpoint
  --max-hours h        ends the job after so long (default: 1)
  --count n            so many machines, for a script that knows how to share
  --image uri          a container image of your own; R needs one
  --language name      of a script: python, r or shell (default: by its name)
  --arg text           an argument for the script; may be repeated
  --file path          with a script only this file goes along; may be repeated (default: all of its folder but secrets)
  --param name=value   another value for a parameter of the recipe; may be repeated
  --storage s3://…     where the files go (default: a bucket of Skillet's own, which is made where it is not there)
  --again              another job, though the same was submitted before
  --account profile    another way to sign in
  --yes                do not ask
  --follow             bring what it writes into a run folder until it ends; Ctrl+C leaves the job at work
  --json               print the job, or with --follow the run's events, one JSON object a line`,
  },
  jobs: {
    summary: "Skillet's jobs at a provider, the newest first, with what they cost",
    help: `skillet jobs aws [--region name] [--all] [--account profile] [--json]

A cost with ≤ is reckoned from the job's start; one without is what the provider bills for the machines. $? is not known.`,
  },
  job: {
    summary: 'show, read, stop or collect a job',
    help: `skillet job show|log|stop|collect <job> [--region name] [--account profile] [--json]

  show               its state, machine, time and cost
  log [--follow]     what its machines have printed
  stop               ends it; what it has written stays
  collect            brings what it has written into a folder; again, only what is new
    --to folder      default: .skillet/jobs/<job>
    --follow         until it ends`,
  },
};
