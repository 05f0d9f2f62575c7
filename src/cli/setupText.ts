/** What `skillet setup` says: the plan and its progress. */
import { formatBytes, formatDuration } from '../common/format.ts';
import type { InstallProgress } from '../node/runtime/installRuntime.ts';
import type { InstallPlan } from '../node/runtime/planInstall.ts';
import { bar, type Screen } from './progress.ts';
import { formatTable, printable } from './table.ts';

const REDRAW_MS = 100;
const PLAIN_STEPS = 10;

const STAGES = { fetch: 'fetching', unpack: 'unpacking', verify: 'trying it' } as const;

/** @param host Of the package index. */
export function planLines(plan: InstallPlan, host: string): string[] {
  const { platform, flavour, version, summary, wheels, licences } = plan.package;
  const here = plan.fetchedBytes === 0 ? '' : `, of which ${formatBytes(plan.fetchedBytes)} are here already`;
  const facts = [
    ['to fetch', `${formatBytes(plan.downloadBytes)} from ${host}${here}`],
    ['on the disk', formatBytes(plan.unpackedBytes)],
    ['folder', plan.folder],
    ...licences.map(({ name, url, covers }, at) => [
      at > 0 ? '' : licences.length === 1 ? 'licence' : 'licences',
      `${covers}: ${name}, ${url}`,
    ]),
  ];
  const files = wheels.map((wheel) => [wheel.project, wheel.version, formatBytes(wheel.bytes)]);
  return [
    `TensorFlow ${version} for ${platform}, flavour ${flavour}: ${summary}.`,
    '',
    ...formatTable(facts, []).map((line) => `  ${line}`),
    '',
    ...formatTable(files, [2]).map((line) => `  ${line}`),
    '',
  ];
}

/** One line that redraws on a terminal; elsewhere a line for each tenth. */
export function createSetupProgress(screen: Screen, now: () => number): (progress: InstallProgress) => void {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let plain = '';
  return (progress) => {
    const { stage, doneBytes, totalBytes } = progress;
    const share = totalBytes === 0 ? 0 : doneBytes / totalBytes;
    if (screen.isTerminal) {
      const isDue = now() - drawnAt >= REDRAW_MS || stage === 'verify';
      if (isDue) {
        drawnAt = now();
        screen.redraw(printable(progressText(progress, share, screen.columns)));
      }
      return;
    }
    const tenths = Math.floor(PLAIN_STEPS * share);
    const step = `${stage} ${tenths}`;
    if (step !== plain && (tenths > 0 || stage === 'verify')) {
      plain = step;
      screen.line(printable(progressText(progress, share, 0)));
    }
  };
}

/** @param columns Width of the terminal; 0: no bar. */
function progressText(progress: InstallProgress, share: number, columns: number): string {
  const { stage, doneBytes, totalBytes, bytesPerSecond } = progress;
  if (stage === 'verify') {
    return STAGES.verify;
  }
  const left = bytesPerSecond > 0 ? `${formatDuration(((totalBytes - doneBytes) / bytesPerSecond) * 1000)} left` : '';
  const rate = bytesPerSecond > 0 ? `${formatBytes(Math.round(bytesPerSecond))}/s` : '';
  const done = `${STAGES[stage]}   ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  const text = [done, rate, left].filter((part) => part !== '').join('   ');
  const width = Math.min(30, columns - text.length - 4);
  return columns === 0 ? text : (width >= 8 ? `${bar(share, width)}  ${text}` : text).slice(0, columns - 1);
}
