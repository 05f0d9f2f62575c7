/** Says in one sentence how the network compares with the best baseline. */
import type { Baseline, Evaluation } from '../../common/run/events.ts';

/** @param unit Of the metric, such as thousand dollars. */
export function writeVerdict(
  value: number,
  baselines: readonly Baseline[],
  { metric, better, unit }: Evaluation['primary'] & { readonly unit?: string | undefined },
): string {
  const valued = baselines.flatMap((baseline) => {
    const score = baseline.metrics[metric];
    return typeof score === 'number' && Number.isFinite(score) ? [{ label: baseline.label, score }] : [];
  });
  const sign = better === 'lower' ? 1 : -1;
  const best = valued.toSorted((a, b) => sign * (a.score - b.score))[0];
  const isShare = metric === 'accuracy';
  const word = isShare ? 'accuracy' : metric.toUpperCase();
  const show = (number: number) => (isShare ? `${(number * 100).toFixed(1)} %` : toThreeDigits(number));
  const told = `The network's ${word} of ${show(value)}${unit === undefined || isShare ? '' : ` ${unit}`}`;
  if (!Number.isFinite(value)) {
    return 'The network gives numbers that are not finite.';
  }
  if (best === undefined) {
    return `${told} has no baseline to compare with.`;
  }
  const gap = sign * (best.score - value);
  const verb = gap > 0 ? 'beats' : gap < 0 ? 'loses to' : 'equals';
  const margin =
    gap === 0 ? '' : `, ${isShare ? `by ${(Math.abs(gap) * 100).toFixed(1)} points` : toMargin(value, best.score)}`;
  return `${told} ${verb} the best baseline, ${best.label} (${show(best.score)})${margin}.`;
}

/** Percent of the baseline's error; past twice that error, how many times it. */
function toMargin(value: number, baseline: number): string {
  const times = value / baseline;
  return times >= 2
    ? `${Number.isFinite(times) ? Number(times.toPrecision(2)).toLocaleString('en') : 'many'} times as large`
    : `by ${Math.round(Math.abs(1 - times) * 100)} %`;
}

function toThreeDigits(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e6 || size < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(3)));
}
