/** The review of a launch, and what it tells while it works, as lines for a terminal. */
import type { DryRun, LaunchEvent, LaunchResult, MadeThing, Review } from '../../common/cloud/launchRecord.ts';
import { formatUsd, HOURS_PER_MONTH } from '../../common/cloud/priceText.ts';
import { formatTable } from '../table.ts';

const THINGS: Readonly<Record<MadeThing['kind'], string>> = {
  instance: 'machine',
  volume: 'disk',
  securityGroup: 'security group',
  keyPair: 'key pair',
  keyFile: 'private key',
  spotRequest: 'spot request',
};

/** What would be made, a row each, with the sums below. */
export function reviewLines(review: Review): string[] {
  const rows = review.rows.map(({ title, detail, perHourUsd }) => [
    title,
    price(perHourUsd),
    price(perHourUsd === null ? null : perHourUsd * HOURS_PER_MONTH),
    detail,
  ]);
  const { perHourUsd, perMonthUsd, atMostPerHourUsd, stoppedPerMonthUsd } = review;
  const sum = ['together', formatUsd(perHourUsd), formatUsd(perMonthUsd), 'a month has 730 hours'];
  return [
    ...formatTable([['', 'an hour', 'a month', ''], ...rows, sum], [1, 2]),
    '',
    `At most ${formatUsd(atMostPerHourUsd)} an hour: the dearest of all that may be launched in its place.`,
    `While it is stopped: ${formatUsd(stoppedPerMonthUsd)} a month.`,
    ...(perHourUsd === null ? ['A price is not known (?), so it costs more than the rest together.'] : []),
    ...review.warnings.map(({ path, message, remedy }) => `warning: ${path}: ${message} ${remedy}`),
    ...(review.dryRun === null ? [] : ['', ...dryRunLines(review.dryRun)]),
  ];
}

/** Things without a price of their own have none, rather than a zero. */
function price(usd: number | null): string {
  return usd === 0 ? '-' : formatUsd(usd);
}

function dryRunLines({ isAllowed, answers }: DryRun): string[] {
  return [
    `AWS was asked without doing it: ${isAllowed ? 'it would do all of it.' : 'it would refuse.'}`,
    ...answers.map(
      (answer) =>
        `  ${answer.isAllowed ? 'yes' : 'NO '}  ${answer.what}${answer.isAllowed ? '' : `: ${answer.message}`}`,
    ),
  ];
}

export function eventLine(event: LaunchEvent): string {
  if (event.type === 'step') {
    return `${event.message}…`;
  }
  if (event.type === 'fallback') {
    return event.message;
  }
  const what = `${THINGS[event.what.kind]} ${event.what.id}`;
  if (event.type === 'left') {
    return `Still there in ${event.what.region}: ${what}: ${event.message}`;
  }
  return `${event.type === 'made' ? 'Made' : 'Removed'} ${what}`;
}

/** What is there now, and what to do next. */
export function resultLines({ instances, region, purchase, keyFile }: LaunchResult): string[] {
  const many = instances.length === 1 ? 'It runs' : `All ${instances.length} run`;
  return [
    `${many} in ${region}, ${purchase === 'spot' ? 'spot' : 'on demand'}: ${instances.map(({ id }) => id).join(', ')}`,
    ...(keyFile === null ? [] : [`The private key is in ${keyFile}; it cannot be had a second time.`]),
    `To get in: skillet connect aws ${instances[0]?.id ?? ''} --region ${region}`,
    `To end it: skillet instance terminate ${instances[0]?.id ?? ''} --region ${region}`,
  ];
}
