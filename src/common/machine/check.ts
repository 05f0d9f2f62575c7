/** The lines of the doctor, their report, and its text for an issue or a colleague. */

/** `info`: a fact, or something absent that nothing here needs. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'info';

/** Button of the page: sets TensorFlow up, or opens Skillet's settings. */
export type RemedyAction = 'setUp' | 'openSettings';

export interface Remedy {
  /** Whole sentences. */
  readonly text: string;
  /** A command line for the terminal of that machine. */
  readonly command?: string;
  readonly action?: RemedyAction;
  /** A page with more. */
  readonly link?: string;
}

export interface Check {
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  /** What was found and what was needed; several lines where there are several things, such as cards. */
  readonly detail: string;
  readonly remedy: Remedy | null;
}

/** A line without its name: what one check gives. */
export type Finding = Pick<Check, 'status' | 'detail' | 'remedy'>;

export type CheckGroup = 'This machine' | 'Graphics cards' | 'TensorFlow runtime' | 'Backends';

/** A line that will come, so that a page can keep its place. */
export interface PlannedCheck {
  readonly id: string;
  readonly title: string;
  readonly group: CheckGroup;
}

export interface MachineReport {
  /** ISO 8601. */
  readonly at: string;
  /** Of Skillet. */
  readonly version: string;
  /** For example `linux x64`. */
  readonly platform: string;
  /** One sentence or two: what recipes train on, or what to do first. */
  readonly summary: string;
  /** False when nothing can be trained: no backend works, or the TensorFlow that is named is not there. */
  readonly isReady: boolean;
  readonly checks: readonly (Check & { readonly group: CheckGroup })[];
}

/** The report as Markdown. */
export function formatReport(report: MachineReport): string {
  const groups = [...new Set(report.checks.map(({ group }) => group))];
  const sections = groups.flatMap((name) => [
    '',
    `## ${name}`,
    '',
    ...report.checks.filter(({ group }) => group === name).flatMap(toItem),
  ]);
  return [
    '# Check of this machine',
    '',
    report.summary,
    '',
    `Skillet ${report.version} · ${report.platform} · ${report.at}`,
    ...sections,
    '',
  ].join('\n');
}

function toItem({ status, title, detail, remedy }: Check): string[] {
  const [first = '', ...more] = detail.split('\n');
  return [
    `- **${status}** ${title}: ${first}`,
    ...more.map((line) => `  - ${line}`),
    ...(remedy === null ? [] : [`  - To do: ${formatRemedy(remedy)}`]),
  ];
}

function formatRemedy({ text, command, link }: Remedy): string {
  return [
    text,
    ...(command === undefined ? [] : [`\`${command}\``]),
    ...(link === undefined ? [] : [`<${link}>`]),
  ].join(' ');
}
