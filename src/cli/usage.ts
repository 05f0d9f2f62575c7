/** The command line's help texts and exit codes. */

export const EXIT = { completed: 0, failed: 1, refused: 2, stopped: 3, interrupted: 130 } as const;

const EXIT_CODES = `Exit codes
  0    trained to the end (or early stopping ended it)
  1    training failed, for example because a loss became NaN
  2    refused: the recipe, its data or an option is wrong
  3    stopped before the end
  130  Ctrl+C twice: the run goes on without this terminal`;

export const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly help: string }>> = {
  train: {
    summary: 'train a recipe',
    help: `skillet train <recipe.yaml> [options]

Trains a recipe in a process of its own and shows its progress. The run is a folder; closing the terminal does not stop it.

  --param name=value   another value for a parameter of the recipe; may be repeated
  --epochs n           another number of epochs
  --seed n             another seed
  --device name        auto, cpu, gpu, tensorflow or a backend's name
  --out folder         make the run's folder in this folder (default: .skillet/runs beside the recipe)
  --run-dir folder     the run's folder itself
  --json               print the events of the run, one JSON object a line
  --quiet              print nothing but errors
  --detach             start it and return at once

Ctrl+C asks the run to stop at the next step; twice leaves it running.

${EXIT_CODES}`,
  },
  resume: {
    summary: 'go on with an interrupted or stopped run',
    help: `skillet resume <run folder> [--json] [--quiet] [--detach]

Goes on from the run's last checkpoint, in the same folder.

${EXIT_CODES}`,
  },
  stop: {
    summary: 'stop a run or a study at its next step',
    help: 'skillet stop <run or study folder>\n\nIt keeps a checkpoint and can be resumed.',
  },
  pause: {
    summary: 'pause a run or a study',
    help: 'skillet pause <run or study folder>\n\nIt waits until `skillet continue`.',
  },
  continue: { summary: 'let a paused run or study go on', help: 'skillet continue <run or study folder>' },
  tune: {
    summary: 'search for better parameters: a study of many trials',
    help: `skillet tune <recipe.yaml> [options]
skillet tune --resume <study folder> [--json] [--detach]

Trains a recipe many times with other parameters, as its tune: says, in processes of their own, and shows each trial.
The study is a folder beside the recipe, in .skillet/studies; each trial in it is a run like any other.

  --trials n           another number of trials
  --parallel n         another number of trials at a time
  --seed n             another seed of the search
  --config file        a cloudml_tuning.yml in place of the recipe's tune:
  --resume folder      go on with a study that was stopped or interrupted
  --json               print the events of the study, one JSON object a line
  --detach             start it and return at once

Ctrl+C asks the trials to stop at their next step; twice leaves the study running.

Exit codes
  0    all trials are done
  1    no trial gave a value, or three in a row failed in the same way
  2    refused: the recipe, its tune:, its data or an option is wrong
  3    stopped before the end
  130  Ctrl+C twice: the study goes on without this terminal`,
  },
  studies: {
    summary: 'list studies',
    help: 'skillet studies [folder] [--json]\n\nLists the studies of the recipes in a folder (default: this one), newest first.',
  },
  runs: {
    summary: 'list runs',
    help: 'skillet runs [folder] [--json]\n\nLists the runs of the recipes in a folder (default: this one), newest first.',
  },
  show: { summary: 'show a run: recipe, backend, result', help: 'skillet show <run folder> [--json]' },
  check: {
    summary: 'check a recipe without training',
    help: 'skillet check <recipe.yaml> [--json]\n\nPrints what is wrong, with line, field and remedy. Exit code 0 when nothing is, 2 otherwise.',
  },
  setup: {
    summary: "fetch TensorFlow's native library, or remove it",
    help: `skillet setup [options]

Shows what would be fetched from the Python package index, asks, and installs TensorFlow's native library in a cache
folder of your own; Python is not needed. Without it recipes train on WebAssembly or WebGPU.

  --flavour name       cpu, or cuda for NVIDIA cards (default: cuda where NVIDIA's driver is seen)
  --yes                do not ask; for cuda this accepts NVIDIA's licences
  --dry-run            show the plan and fetch nothing
  --index url          another package index, for example a mirror
  --tensorflow folder  install nothing: try the TensorFlow in this Python package or virtual environment
  --uninstall          remove all that setup has installed and fetched, both flavours
  --json               print one JSON object in place of words

Ctrl+C cancels; what was fetched is kept, and the next setup goes on from there.

Exit codes
  0    done
  1    failed: the network, the disk, or the library does not work here
  2    refused: no such flavour or platform, a wrong option, or nobody agreed
  130  cancelled with Ctrl+C`,
  },
  doctor: {
    summary: 'check this machine: cards, driver, CUDA, TensorFlow, backends',
    help: `skillet doctor [--json] [--report]

Tells what was found and what is needed, with what to do about each fault, and proves every backend by a timed operation
in a process of its own.

  --json     print the report as one JSON object
  --report   print the report as Markdown, to pass on

Exit code 0 when recipes can be trained, 1 when no backend works or the TensorFlow that is named is not there.`,
  },
};

export function overview(version: string): string {
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return [
    `Skillet ${version}: deep-learning recipes, trained on this machine.`,
    '',
    'skillet <command> [options]',
    '',
    ...rows,
    '',
    'skillet <command> --help says more.',
    '',
    EXIT_CODES,
  ].join('\n');
}
