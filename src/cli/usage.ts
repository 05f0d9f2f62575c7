/** The command line's help texts and exit codes. */

import { CLOUD_USAGE } from './cloud/cloudUsage.ts';

export const EXIT = { completed: 0, failed: 1, refused: 2, stopped: 3, different: 4, interrupted: 130 } as const;

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
  --observe            look at the layers after every epoch: gradients, ranges, dead units, time (see skillet show)
  --json               print the events of the run, one JSON object a line
  --quiet              print nothing but errors
  --detach             start it and return at once

Ctrl+C asks the run to stop at the next step; twice leaves it running.

${EXIT_CODES}`,
  },
  resume: {
    summary: 'go on with an interrupted or stopped run',
    help: `skillet resume <run folder> [--observe] [--json] [--quiet] [--detach]

Goes on from the run's last checkpoint, in the same folder.

${EXIT_CODES}`,
  },
  fork: {
    summary: 'go on from an epoch of a run, with other parameters',
    help: `skillet fork <run folder> --epoch n [options]

Makes a new run beside the other one, which begins with its weights, optimizer and random numbers after epoch n. Where no
checkpoint of that epoch was kept, the epochs since the last one before it are trained again first.

  --epoch n          the finished epoch to go on from
  --set name=value   another value: a parameter, a setting of train (epochs, batchSize) or of its optimizer (learningRate),
                     or a whole path (model[1].dropout.rate); may be repeated. epochs counts from the very beginning
  --json             print the events of the run, one JSON object a line
  --quiet            print nothing but errors
  --detach           start it and return at once

The network, the data, the loss and the validation rows stay as they were.

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
  step: {
    summary: 'let a paused run do one step',
    help: 'skillet step <run folder>\n\nThe run does one step of training and pauses again.',
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
    summary: 'list runs: filter, sort',
    help: `skillet runs [folder] [options]

Lists the runs of the recipes in a folder (default: this one), newest first.

  --filter text  only runs that fit: words to look for, or comparisons such as
                 units > 32   rmse < 3.6   status = failed,stopped   tag:wide   note:"so slow"
                 recipe = digits   age < 7d   started > 2026-11-01   duration > 5m
                 is:starred   is:better (than the best baseline)   param.epochs = 7
                 All must fit; "or" parts groups, - or not before one means its opposite.
  --sort field   by a field or a parameter; a minus before it turns the order round: --sort result, --sort=-units
  --all          archived runs too
  --json         print one JSON array in place of a table`,
  },
  annotate: {
    summary: 'star, tag or archive runs, or write a note on them',
    help: `skillet annotate <run folder>... [options]

Changes what is named and leaves the rest; without an option it tells what is there. It is kept in annotations.json in
the run's folder.

  --star, --unstar
  --tag words          add tags, between commas; may be repeated
  --untag words        remove tags
  --note text          the note, in place of the one before; "" for none
  --archive            leave the runs out of lists; --unarchive shows them again
  --json               print one JSON object a run`,
  },
  delete: {
    summary: 'delete runs, so that it can be undone',
    help: `skillet delete <run folder>...
skillet delete --undo [folder]
skillet delete --empty [folder]

Moves runs into .skillet/runs/.deleted, all that are named or none; a run that trains is refused. The editor removes
them for good after a week.

  --undo   bring back what was deleted last
  --empty  remove deleted runs for good`,
  },
  show: {
    summary: 'show a run, a study or a model: result, trials, network',
    help: `skillet show <run folder | study folder | model folder> [--json]

Of a run: recipe, backend, result, what went wrong in it (docs/diagnoses.md) and the last look at its layers. Of a study:
its trials and the best. Of a model: its network, node by node, with shapes and weights.`,
  },
  compare: {
    summary: 'show runs side by side: results, and what differs in their recipes',
    help: `skillet compare <run folder> <run folder>… [--json]

Prints what each run reached by each metric, with the best marked, and the parameters and settings in which they differ.
Runs that differ in their seed alone have their mean and standard deviation beside them. A fork stands below the run that
it goes on from.`,
  },
  restore: {
    summary: "put a run's recipe back into its recipe file",
    help: `skillet restore <run folder> [--force] [--out file]

Prints what would change, and changes nothing unless --force is given or the file is gone.

  --force      write over the recipe file
  --out file   another file than the one that the run was trained from

Exit code 0 when the file holds the run's recipe, 2 when it was left as it is.`,
  },
  'export-run': {
    summary: 'write runs as CSV, JSON, a chart in SVG or a report in HTML',
    help: `skillet export-run <run folder>… --format csv|json|svg|html [options]

Writes what needs no Skillet to be read. Several runs go into one file, side by side.
  --format csv    a row an epoch (RFC 4180), with a column run where there are several
  --format json   all that the run folders tell, as docs/compare.md describes it
  --format svg    the curves of one metric
  --format html   a report in one file: results, curves, parameters, network, recipe; it loads nothing and runs nothing

  --steps         CSV: a row a step in place of an epoch; JSON: the steps as well
  --metric name   SVG: which metric (default: the one that the runs are judged by)
  --out file      where to write; its ending says the format too; - prints it (default: named after the run, here)

A Keras program of a recipe, or a trained model, comes from skillet export.`,
  },
  check: {
    summary: 'check a recipe without training',
    help: 'skillet check <recipe.yaml> [--json]\n\nPrints what is wrong, with line, field and remedy, and warnings about what is probably not meant, for which it reads the\ndata. Exit code 0 when nothing is wrong, warnings or not; 2 otherwise.',
  },
  new: {
    summary: 'make a recipe from a CSV file',
    help: `skillet new <data.csv> [options]

Reads the file (packed as .csv.gz too), tells what its columns hold, and writes a commented recipe that trains as it is.
A recipe that is there already is never written over.

  --target column  what to predict (default: the column whose name says so, or the last one)
  --task name      regression, classification or forecast (default: as the column suggests)
  --name text      the recipe's name (default: from the file's)
  --out file       the recipe's file (default: beside the data, named after the recipe)`,
  },
  capsule: {
    summary: 'put a run into one file that others can verify',
    help: `skillet capsule <run folder> [--out file] [--with-data] [--json]

Writes <run>.capsule.json: the recipe with its parameters filled in, the hash of every file that the run has read, seed,
backend, versions, the loss of every step, the metrics of every epoch, the result and the hash of the weights.

  --out file   where to write (default: in the folder that holds the recipe and its data)
  --with-data  put the data into the file, where it is small, so that it is all that a stranger needs
  --json       print one JSON object in place of words`,
  },
  verify: {
    summary: 'train a capsule again and say whether it comes out the same',
    help: `skillet verify <file.capsule.json> [options]

Checks the data by its hashes, trains again in a folder that is taken away afterwards, and says: identical (every number
to the bit), within tolerance, or different and from which step. Without --all it ends at the first difference.

  --data folder      the folder that holds the data (default: the capsule's)
  --device name      another backend than the capsule's
  --tolerance value  largest relative difference that passes (default: 0 on the same backend, device and versions, where
                     that adds up in one order; else 0.001)
  --all              go on to the end of a run that differs
  --allow-module     run the module that the capsule names: read it first
  --json             print one JSON object in place of words

Ctrl+C cancels; nothing is left.

Exit codes
  0    identical or within tolerance
  1    the trainer failed
  2    refused: the capsule is damaged, its data is another or absent, or an option is wrong
  4    different
  130  cancelled with Ctrl+C`,
  },
  export: {
    summary: 'write a Keras program from a recipe, or a Keras model from a run',
    help: `skillet export <recipe.yaml | run folder | model folder> [--to form] [--out file]

Writes what needs no Skillet:
  --to python   the recipe as a Python program for Keras 3 (the default for a recipe)
  --to r        the recipe as an R program for the package keras3
  --to keras    the trained model as a .keras file of Keras 3 (the default for a folder)
  --to h5       the trained model as an HDF5 file, which Keras 2 reads too
  --out file    where to write; its ending says the form too (default: beside the recipe, or in this folder)`,
  },
  fetch: {
    summary: 'fetch a named data set: mnist, fashionMnist',
    help: `skillet fetch <data set> [--mirror url] [--json]

Fetches the files of a data set that recipes name (data.dataset) into Skillet's cache folder, checked by hash. Training
does the same when the files are not there yet; this is for a machine that will be without the network.

  --mirror url  another place that holds the files (or SKILLET_DATASET_MIRROR)
  --json        print one JSON object in place of words

Ctrl+C cancels; what was fetched is kept, and the next time goes on from there.`,
  },
  import: {
    summary: 'make a model folder from a model of Keras or MXNet',
    help: `skillet import <file.keras | file.h5 | prefix-symbol.json> [options]

Reads a network that Keras or MXNet (R or Python) has saved and makes a model folder that skillet predict, skillet show
and skillet export take. What cannot be imported is named, with what can.

  --out folder         the model folder to make (default: <name>-model beside it)
  --csv file           the rows that it was trained on: names the inputs, so that rows are read by column
  --target column      the column of that file that is no input
  --scale kind         standard or minMax: scale raw rows as those rows tell (default: none)
  --json               print one JSON object in place of words

Of MXNet alone
  --params file        its parameters (default: the latest <prefix>-NNNN.params beside it)
  --input-shape sizes  shape of one sample as MXNet has it, without the batch, such as 3,32,32; needed for images
  --recipe             write a recipe with the same layers too, to train it on other rows

Exit codes
  0    imported
  2    refused: a file is damaged, an operation is unknown or an option is wrong; nothing was made`,
  },
  predict: {
    summary: 'predict new rows with a trained or imported network',
    help: `skillet predict <run folder | model folder> <rows.csv> [options]

Reads the columns that the network was trained on and adds what it says, in the data's own units: predicted (or
predicted_<target> for each of several targets), and probability_<class> for classes. Rows stay in their order; a
file of any length is read in one pass, packed ones (.csv.gz) too. With a lookback, rows without a whole window
before them stay empty, and the steps behind the last row are added at the end.

  --out file   write the predictions there, and say how many; printed when absent
  --json       one JSON object a row in place of CSV

A row that cannot be predicted is refused by column, row and remedy, and nothing is written.

Exit codes
  0    all rows are predicted
  2    refused: the folder, the file, a row of it or an option is wrong`,
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
  ...CLOUD_USAGE,
};

export function overview(version: string): string {
  const row = ([name, { summary }]: readonly [string, { readonly summary: string }]) =>
    `  ${name.padEnd(10)} ${summary}`;
  const here = Object.entries(COMMANDS).filter(([name]) => !Object.hasOwn(CLOUD_USAGE, name));
  return [
    `Skillet ${version}: deep-learning recipes, trained on this machine or on a rented one.`,
    '',
    'skillet <command> [options]',
    '',
    ...here.map(row),
    '',
    'Rented machines and managed jobs',
    ...Object.entries(CLOUD_USAGE).map(row),
    '',
    'skillet <command> --help says more.',
    '',
    EXIT_CODES,
  ].join('\n');
}
