/** `skillet setup`: fetches TensorFlow's native library at the user's word, checks a given one, or takes it away again. */
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { formatProblem, SkilletError } from '../common/errors.ts';
import { formatBytes } from '../common/format.ts';
import type { ProbeResult } from '../common/machine/probeResult.ts';
import { proofText } from '../common/machine/proofText.ts';
import { probeBackend } from '../node/machine/probeBackend.ts';
import { findCacheFolder } from '../node/runtime/cacheFolder.ts';
import { findPackage, licencesToAccept } from '../node/runtime/catalogue.ts';
import { namedTensorflow } from '../node/runtime/findEngine.ts';
import { type Installed, installRuntime, PROOFS } from '../node/runtime/installRuntime.ts';
import type { Flavour } from '../node/runtime/manifest.ts';
import { findNamedRuntime } from '../node/runtime/namedRuntime.ts';
import { chooseIndex } from '../node/runtime/packageIndex.ts';
import { type InstallPlan, planInstall } from '../node/runtime/planInstall.ts';
import { freeBytes, seesNvidiaDriver, setupPlatform, suggestFlavours } from '../node/runtime/setupMachine.ts';
import { uninstallRuntime } from '../node/runtime/uninstallRuntime.ts';
import { systemWaiting } from '../node/runtime/waiting.ts';
import { machineHere } from './engineHere.ts';
import { createScreen } from './screen.ts';
import { createSetupProgress, planLines } from './setupText.ts';
import { printable } from './table.ts';
import { EXIT } from './usage.ts';

const options = {
  flavour: { type: 'string' },
  yes: { type: 'boolean' },
  index: { type: 'string' },
  tensorflow: { type: 'string' },
  uninstall: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);
const printJson = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** @param probeFile The probe's bundle. */
export async function setupCommand(args: string[], probeFile: string): Promise<number> {
  const { values } = parseArgs({ args, options });
  refuseMixed(values);
  const cancel = new AbortController();
  const interrupt = () => cancel.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) {
    process.once(signal, interrupt); // A second one ends the process at once.
  }
  try {
    return await run(values, probeFile, cancel);
  } catch (error) {
    if (cancel.signal.aborted) {
      return cancelled();
    }
    throw error;
  } finally {
    for (const signal of signals) {
      process.off(signal, interrupt);
    }
  }
}

/** An option that would be passed over is refused: `--uninstall --flavour cuda` must not take the other flavour along. */
function refuseMixed(values: Values): void {
  const told = [values.uninstall, values['dry-run'], values.tensorflow !== undefined].filter((one) => one === true);
  if (told.length > 1) {
    throw new SkilletError('cli-usage', 'skillet setup', {
      message: '--uninstall, --dry-run and --tensorflow exclude each other.',
      remedy: 'Take one of them.',
    });
  }
  if (values.uninstall === true && (values.flavour !== undefined || values.index !== undefined)) {
    throw new SkilletError('cli-usage', '--uninstall', {
      message: `takes no --${values.flavour === undefined ? 'index' : 'flavour'}: it removes all that setup has installed and fetched.`,
      remedy: 'Write skillet setup --uninstall.',
    });
  }
  if (values.tensorflow === '') {
    throw new SkilletError('cli-usage', '--tensorflow', {
      message: 'names no folder.',
      remedy: "Name Python's tensorflow package folder, the site-packages folder it is in, or the virtual environment.",
    });
  }
}

async function run(values: Values, probeFile: string, cancel: AbortController): Promise<number> {
  if (values.uninstall === true) {
    return uninstall(values);
  }
  const probe = (flavour: Flavour, tensorflowFolder: string) =>
    probeBackend({
      backend: PROOFS[flavour],
      tensorflowFolder,
      probeFile,
      execPath: process.execPath,
      signal: cancel.signal,
    });
  if (values.tensorflow !== undefined) {
    return checkNamed(values, values.tensorflow, probe);
  }
  const { plan, index } = await planSetup(values);
  if (values['dry-run'] === true) {
    return tellPlan(values, plan, index);
  }
  if (plan.state !== 'whole' && !(await agree(values, plan, index, cancel))) {
    print('Nothing was installed.');
    return EXIT.refused;
  }
  return install(values, { plan, index, signal: cancel.signal }, (folder) => probe(plan.package.flavour, folder));
}

async function planSetup(values: Values): Promise<{ plan: InstallPlan; index: string }> {
  const machine = machineHere();
  const platform = setupPlatform(machine);
  const flavour = values.flavour ?? suggestFlavours(platform, seesNvidiaDriver(machine))[0] ?? 'cpu';
  if (flavour !== 'cpu' && flavour !== 'cuda') {
    throw new SkilletError('cli-usage', '--flavour', {
      message: `"${flavour}" is no flavour of TensorFlow.`,
      remedy: 'Write cpu, or cuda for NVIDIA cards.',
    });
  }
  const index = chooseIndex(values.index ?? '', process.env);
  return { plan: await planInstall(findCacheFolder(machine), findPackage(platform, flavour)), index };
}

function tellPlan({ json }: Values, plan: InstallPlan, index: string): number {
  if (json === true) {
    const { package: wanted, ...rest } = plan;
    printJson({ ...wanted, ...rest, index: new URL(index).host });
    return EXIT.completed;
  }
  planLines(plan, new URL(index).host).forEach(print);
  print(plan.state === 'whole' ? 'It is installed already.' : 'This is only the plan: nothing was fetched.');
  return EXIT.completed;
}

/** Nothing is fetched without a person's word: an answer here, or `--yes`. */
async function agree(
  { json, yes }: Values,
  plan: InstallPlan,
  index: string,
  cancel: AbortController,
): Promise<boolean> {
  if (yes !== true && (json === true || process.stdin.isTTY !== true || process.stdout.isTTY !== true)) {
    throw new SkilletError('cli-usage', 'skillet setup', {
      message: `fetches ${formatBytes(plan.downloadBytes)} only when a person agrees, and there is no terminal to ask on.`,
      remedy: 'See what it would do with --dry-run, then add --yes.',
    });
  }
  if (json !== true) {
    planLines(plan, new URL(index).host).forEach(print);
    licencesToAccept(plan.package)
      .map(({ name }) => `By going on you accept the ${name}.`)
      .forEach(print);
  }
  if (yes === true) {
    return true;
  }
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  asking.once('SIGINT', () => cancel.abort());
  try {
    const answer = await asking.question('Install it? [y/N] ', { signal: cancel.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

async function install(
  { json }: Values,
  { plan, index, signal }: { plan: InstallPlan; index: string; signal: AbortSignal },
  verify: (folder: string) => Promise<ProbeResult>,
): Promise<number> {
  const screen = createScreen(process.stdout);
  const showProgress = createSetupProgress(screen, () => performance.now());
  let installed: Installed;
  try {
    installed = await installRuntime({
      plan,
      index,
      signal,
      verify,
      freeBytes,
      fetch,
      waiting: systemWaiting,
      date: () => new Date(),
      onProgress: json === true ? () => undefined : showProgress,
      onRetry: ({ fault, pauseMs }) =>
        process.stderr.write(`${printable(`${fault}; trying again in ${pauseMs / 1000} s`)}\n`),
    });
  } catch (error) {
    screen.redraw('');
    if (!signal.aborted && error instanceof SkilletError) {
      process.stderr.write(`${printable(formatProblem(error))}\n`);
      return EXIT.failed;
    }
    throw error;
  }
  screen.redraw('');
  if (json === true) {
    printJson(installed);
    return EXIT.completed;
  }
  print(proofText(installed.probe));
  print(`${plan.state === 'whole' ? 'It was installed already, in' : 'Installed in'} ${plan.folder}`);
  if (namedTensorflow(machineHere()) !== null) {
    print('Note: SKILLET_TENSORFLOW names another TensorFlow, which is used in its place.');
  }
  return EXIT.completed;
}

async function checkNamed(
  { json }: Values,
  folder: string,
  probe: (flavour: Flavour, folder: string) => Promise<ProbeResult>,
): Promise<number> {
  const machine = machineHere();
  const runtime = await findNamedRuntime(path.resolve(folder), setupPlatform(machine));
  const result = await probe(runtime.flavour === 'cuda' ? 'cuda' : 'cpu', runtime.folder);
  if (json === true) {
    printJson({ runtime, probe: result });
  } else if (result.ok) {
    print(proofText(result));
    print(`To train with it: SKILLET_TENSORFLOW=${runtime.folder}`);
    print('In VS Code: the same folder as the setting skillet.tensorflowPath.');
  } else {
    process.stderr.write(
      `${printable(`${runtime.folder}: does not work on this machine: ${result.message} (runtime-broken)`)}\n`,
    );
  }
  return result.ok ? EXIT.completed : EXIT.failed;
}

async function uninstall({ json }: Values): Promise<number> {
  const cacheFolder = findCacheFolder(machineHere());
  const { freedBytes } = await uninstallRuntime(cacheFolder);
  if (json === true) {
    printJson({ cacheFolder, freedBytes });
  } else {
    print(
      freedBytes === 0
        ? `There was nothing to remove in ${cacheFolder}`
        : `Removed from ${cacheFolder}: ${formatBytes(freedBytes)} are free again.`,
    );
  }
  return EXIT.completed;
}

function cancelled(): number {
  process.stderr.write(
    '\nCancelled; nothing was installed. What was fetched is kept: skillet setup goes on from there.\n',
  );
  return EXIT.interrupted;
}
