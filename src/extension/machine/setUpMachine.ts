/** Installs TensorFlow's native library: choose a flavour, agree, watch, be told the result. */
import * as vscode from 'vscode';
import { formatBytes } from '../../common/format.ts';
import { proofText } from '../../common/machine/proofText.ts';
import { probeBackend } from '../../node/machine/probeBackend.ts';
import { findCacheFolder } from '../../node/runtime/cacheFolder.ts';
import { findPackage, licencesToAccept } from '../../node/runtime/catalogue.ts';
import { namedTensorflow } from '../../node/runtime/findEngine.ts';
import { type Installed, type InstallProgress, installRuntime, PROOFS } from '../../node/runtime/installRuntime.ts';
import { chooseIndex } from '../../node/runtime/packageIndex.ts';
import { type InstallPlan, planInstall } from '../../node/runtime/planInstall.ts';
import { freeBytes, seesNvidiaDriver, setupPlatform, suggestFlavours } from '../../node/runtime/setupMachine.ts';
import { systemWaiting } from '../../node/runtime/waiting.ts';
import { machineHere } from './engineHere.ts';
import type { SetUpParts } from './setUpCommands.ts';

/** Nothing is fetched before a person has agreed to the plan. */
export async function setUpMachine(parts: SetUpParts): Promise<void> {
  const setting = vscode.workspace.getConfiguration('skillet').get<string>('packageIndex', '');
  const index = chooseIndex(setting, process.env);
  const plan = await choosePlan();
  if (plan === null || (plan.state !== 'whole' && !(await agree(plan, new URL(index).host)))) {
    return;
  }
  const installed = await install(plan, index, parts);
  if (installed === null) {
    void vscode.window.showInformationMessage(
      'Cancelled; nothing was installed. What was fetched is kept: "Set Up This Machine" goes on from there.',
    );
    return;
  }
  parts.onChange();
  const named = namedTensorflow(machineHere());
  const note = named === null ? '' : ` But ${named} is named as the TensorFlow to use, and is used in its place.`;
  const train = 'Train Recipe';
  // Not awaited: the message stays until somebody answers it.
  void vscode.window.showInformationMessage(`${proofText(installed.probe)}${note}`, train).then((answer) => {
    if (answer === train) {
      void vscode.commands.executeCommand('skillet.trainRecipe');
    }
  });
}

/** The flavour that suits the machine stands first. Null: nothing was picked. */
async function choosePlan(): Promise<InstallPlan | null> {
  const machine = machineHere();
  const platform = setupPlatform(machine);
  const [suggested = 'cpu', ...others] = suggestFlavours(platform, seesNvidiaDriver(machine));
  const plans = await Promise.all(
    [suggested, ...others].map((flavour) => planInstall(findCacheFolder(machine), findPackage(platform, flavour))),
  );
  const items = plans.map((plan, at) => {
    const isCuda = plan.package.flavour === 'cuda';
    const advice = at === 0 ? ' · recommended here' : isCuda ? ' · no NVIDIA driver seen' : '';
    return {
      label: isCuda ? 'NVIDIA GPU (CUDA)' : 'CPU',
      description: `${sizes(plan)}${advice}`,
      detail: `TensorFlow ${plan.package.version}: ${plan.package.summary}`,
      plan,
    };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Set Up This Machine',
    placeHolder: "Which build of TensorFlow's native library?",
  });
  return picked?.plan ?? null;
}

function sizes(plan: InstallPlan): string {
  return plan.state === 'whole'
    ? 'installed'
    : `${formatBytes(plan.downloadBytes - plan.fetchedBytes)} to fetch, ${formatBytes(plan.unpackedBytes)} on the disk`;
}

async function agree(plan: InstallPlan, host: string): Promise<boolean> {
  const { package: wanted, folder } = plan;
  const asking = licencesToAccept(wanted);
  const licences = wanted.licences.map(({ name, covers }) => `${covers}: ${name}`).join('\n');
  const consent =
    asking.length === 0 ? '' : `\n\nBy installing you accept the ${asking.map(({ name }) => name).join(' and the ')}.`;
  const install = asking.length === 0 ? 'Install' : 'Accept and Install';
  const read = asking.length === 0 ? 'Read the Licence' : 'Read the Licences';
  for (;;) {
    const answer = await vscode.window.showInformationMessage(
      `Install TensorFlow ${wanted.version} for ${wanted.flavour === 'cuda' ? 'NVIDIA GPUs' : 'the CPU'}?`,
      {
        modal: true,
        detail: `${sizes(plan)}.\n\nFrom ${host}\nto ${folder}\n\n${licences}${consent}`,
      },
      install,
      read,
    );
    if (answer !== read) {
      return answer === install;
    }
    for (const { url } of asking.length === 0 ? wanted.licences : asking) {
      await vscode.env.openExternal(vscode.Uri.parse(url));
    }
  }
}

/** Null when it was cancelled. */
async function install(plan: InstallPlan, index: string, { probeFile, output }: SetUpParts): Promise<Installed | null> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `TensorFlow ${plan.package.version}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const cancel = new AbortController();
    const subscription = token.onCancellationRequested(() => cancel.abort());
    try {
      return await installRuntime({
        plan,
        index,
        signal: cancel.signal,
        freeBytes,
        fetch,
        waiting: systemWaiting,
        date: () => new Date(),
        verify: (tensorflowFolder) =>
          probeBackend({
            backend: PROOFS[plan.package.flavour],
            tensorflowFolder,
            probeFile,
            execPath: process.execPath,
            signal: cancel.signal,
          }),
        onProgress: createReport(progress),
        onRetry: ({ fault, pauseMs }) => output.warn(`Setup: ${fault}; trying again in ${pauseMs / 1000} s`),
      });
    } catch (error) {
      if (cancel.signal.aborted) {
        return null;
      }
      throw error;
    } finally {
      subscription.dispose();
    }
  });
}

/** Fetching fills the bar, then unpacking fills its last fifth. */
const FETCH_SHARE = 80;
const REPORT_MS = 200;

function createReport(bar: vscode.Progress<{ message: string; increment: number }>): (now: InstallProgress) => void {
  let shown = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (now) => {
    const at = performance.now();
    if (now.stage !== 'verify' && at - reportedAt < REPORT_MS) {
      return;
    }
    reportedAt = at;
    const part = now.totalBytes === 0 ? 1 : now.doneBytes / now.totalBytes;
    const percent = now.stage === 'fetch' ? FETCH_SHARE * part : FETCH_SHARE + (100 - FETCH_SHARE) * part;
    bar.report({ message: stageText(now), increment: Math.max(0, percent - shown) });
    shown = Math.max(shown, percent);
  };
}

function stageText({ stage, doneBytes, totalBytes, bytesPerSecond }: InstallProgress): string {
  const done = `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  switch (stage) {
    case 'fetch':
      return `fetching ${done}${bytesPerSecond > 0 ? `, ${formatBytes(Math.round(bytesPerSecond))}/s` : ''}`;
    case 'unpack':
      return `unpacking ${done}`;
    case 'verify':
      return 'trying it';
  }
}
