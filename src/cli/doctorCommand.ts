/** `skillet doctor`: checks this machine, and tells each line as soon as those before it are known. */
import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { SkilletError } from '../common/errors.ts';
import { type Check, formatReport } from '../common/machine/check.ts';
import { planChecks } from '../common/machine/planChecks.ts';
import { checkMachine, type MachineParts } from '../node/machine/checkMachine.ts';
import { partsHere } from '../node/machine/partsHere.ts';
import { checkLines, groupLine, type Style, summaryLines } from './doctorView.ts';
import { machineHere } from './engineHere.ts';
import { createScreen } from './screen.ts';
import { EXIT } from './usage.ts';

const options = { json: { type: 'boolean' }, report: { type: 'boolean' } } as const;

/** @param probeFile The probe's bundle. */
export async function doctorCommand(args: string[], probeFile: string): Promise<number> {
  const { values } = parseArgs({ args, options });
  if (values.json === true && values.report === true) {
    throw new SkilletError('cli-usage', 'options', {
      message: '--json and --report cannot be printed together.',
      remedy: 'Choose one of them.',
    });
  }
  const parts = partsHere({ machine: machineHere(), probeFile, version: packageJson.version });
  const isShown = values.json !== true && values.report !== true;
  const report = await (isShown ? showWhileChecking(parts) : checkMachine(parts, () => undefined));
  if (!isShown) {
    process.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : formatReport(report));
  }
  return report.isReady ? EXIT.completed : EXIT.failed;
}

async function showWhileChecking(parts: MachineParts) {
  const screen = createScreen(process.stdout);
  const style: Style = {
    columns: screen.isTerminal ? screen.columns : null,
    hasColor: screen.isTerminal && !process.env.NO_COLOR,
  };
  const plan = planChecks(parts.sources.platform);
  const known = new Map<string, Check>();
  let printed = 0;
  const printKnown = () => {
    for (let next = plan[printed]; next !== undefined; next = plan[printed]) {
      const check = known.get(next.id);
      if (check === undefined) {
        screen.redraw(`Checking: ${next.title}…`);
        return;
      }
      const isFirstOfGroup = next.group !== plan[printed - 1]?.group;
      const lines = [...(isFirstOfGroup ? groupLine(next.group, printed > 0, style) : []), ...checkLines(check, style)];
      lines.forEach(screen.line);
      printed += 1;
    }
  };
  printKnown();
  const report = await checkMachine(parts, (check) => {
    known.set(check.id, check);
    printKnown();
  });
  summaryLines(report.summary, style).forEach(screen.line);
  return report;
}
