/** Dots of trials, one path for each colour: hundreds of them in a dozen pictures must not be thousands of elements. */
import type { TrialState } from '../../common/study/reduceStudy.ts';
import { toneNames, toneOf } from './tones.ts';

export interface PointCloudProps {
  readonly trials: readonly TrialState[];
  /** Numbers of the trials that the brushes leave; the others are drawn faintly. */
  readonly selected: ReadonlySet<number>;
  readonly good: ReadonlyMap<number, number>;
  /** In pixels; null: not drawn. */
  at(trial: TrialState): readonly [number, number] | null;
}

export function PointCloud({ trials, selected, good, at }: PointCloudProps) {
  const dots = new Map<string, string>();
  for (const trial of trials) {
    const point = at(trial);
    if (point !== null) {
      const tone = selected.has(trial.number) ? toneOf(good.get(trial.number)) : 'out';
      // A line of no length with round ends is a dot.
      dots.set(tone, `${dots.get(tone) ?? ''}M${point[0].toFixed(1)} ${point[1].toFixed(1)}h0`);
    }
  }
  return (
    <g class="dots">
      {['out', ...[...toneNames].reverse()].map((tone) => (
        <path key={tone} class={tone} d={dots.get(tone) ?? ''} />
      ))}
    </g>
  );
}
