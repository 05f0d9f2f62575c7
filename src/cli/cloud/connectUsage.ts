/** Help of `skillet connect` and `skillet drill`. */

const CONNECT = `skillet connect <provider> <machine> [options]

Waits until the machine runs, has passed its provider's checks and answers at its SSH port (ten minutes at most), then
opens what is asked for. Without a way in it says which there are.

  --rstudio        RStudio, through a tunnel: prints the address on this computer, the user and where the password is from
  --jupyter        Jupyter, the same way
  --terminal       a terminal on the machine, by the system's ssh
  --ssh-config     add the machine to ~/.ssh/skillet_config (~/.ssh/config includes it by one line), for ssh and Remote-SSH
  --command "…"    run a command there, with its output and its exit code
  --key file       the private key (default: ~/.ssh/<key pair>.pem or ~/.ssh/<key pair>, then the agent)
  --port n         the tunnel's port on this computer (default: the same as on the machine, or one that is free)
  --show-password  print RStudio's first password
  --region name    where the machine is (default: the profile's region)
  --account name   a named profile of the provider

The machine's host key is held to what it told its provider; where it has not yet, its fingerprint is asked about once.

Exit codes
  0    done, or a tunnel was closed with Ctrl+C
  2    refused: no way in, a changed host key, or an option is wrong
  130  cancelled with Ctrl+C while waiting
       --command and --terminal give the code of what has run`;

const DRILL = `skillet drill <provider> <machine> [--yes] [--region name] [--account name] [--key file]

An exercise: writes the notice of an interruption on the machine, marked as a drill, so that what trains there saves a
checkpoint as it would in earnest. Nothing is ended. It asks first; --yes skips that.`;

export const CONNECT_USAGE: Readonly<Record<string, { readonly summary: string; readonly help: string }>> = {
  connect: { summary: 'get into a machine: RStudio, Jupyter, terminal, SSH config', help: CONNECT },
  drill: { summary: "try out a spot machine's interruption, harmlessly", help: DRILL },
};
