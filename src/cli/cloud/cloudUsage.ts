/** Help of the commands for machines and jobs at a provider. */

export const CLOUD_USAGE: Readonly<Record<string, { readonly summary: string; readonly help: string }>> = {
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
