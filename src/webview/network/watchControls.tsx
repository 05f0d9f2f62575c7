/** Below the graph: what the layers are compared by, the epoch that is looked at, and all its figures as a table. */
import type { LayerSample } from '../../common/run/events.ts';
import { FIGURE_TITLES, figureRow, type Measure, momentText } from '../../common/run/layerFigures.ts';

const MEASURES: Readonly<Record<Measure, string>> = {
  gradient: 'Gradients',
  activation: 'Activations',
  dead: 'Dead Units',
  time: 'Time',
};

export interface WatchControlsProps {
  /** False: only the room is kept, so that nothing moves when it is turned on. */
  readonly isShown: boolean;
  readonly measure: Measure;
  readonly legend: string;
  /** What to say while there is nothing to look at. */
  readonly message: string;
  readonly samples: readonly LayerSample[];
  /** Place of the look that is shown, and whether the newest one is followed. */
  readonly place: number;
  readonly isLatest: boolean;
  readonly schedule: { readonly epochs: number; readonly stepsPerEpoch: number } | null;
  onMeasure(measure: Measure): void;
  /** Null: follow the newest. */
  onPlace(place: number | null): void;
}

export function WatchControls(props: WatchControlsProps) {
  const { isShown, measure, legend, message, samples, place, isLatest, schedule, onMeasure, onPlace } = props;
  const sample = samples[place];
  const moment = sample === undefined || schedule === null ? '' : momentText(sample, schedule);
  const last = Math.max(0, samples.length - 1);
  return (
    <section class={isShown ? 'watch' : 'watch off'} aria-label="Layers over the epochs">
      <fieldset class="choice">
        <legend class="hidden">Compare layers by</legend>
        {(Object.keys(MEASURES) as Measure[]).map((one) => (
          <button key={one} type="button" aria-pressed={one === measure} onClick={() => onMeasure(one)}>
            {MEASURES[one]}
          </button>
        ))}
      </fieldset>
      <p class="muted watch-legend">{sample === undefined ? message : legend}</p>
      <div class="watch-line">
        <input
          type="range"
          min="0"
          max={last}
          step="1"
          value={place}
          disabled={samples.length < 2}
          aria-label="Epoch to look at"
          aria-valuetext={moment}
          onInput={({ currentTarget }) =>
            onPlace(Number(currentTarget.value) === last ? null : Number(currentTarget.value))
          }
        />
        <button
          type="button"
          class="secondary"
          disabled={isLatest}
          title="Follow the newest look"
          onClick={() => onPlace(null)}
        >
          Latest
        </button>
      </div>
      <p class="number watch-moment" aria-live="off">
        {moment}
      </p>
      <details>
        <summary>All figures</summary>
        {sample === undefined ? null : <FigureTable sample={sample} moment={moment} />}
      </details>
    </section>
  );
}

function FigureTable({ sample, moment }: { sample: LayerSample; moment: string }) {
  return (
    <div class="table-scroll">
      <table class="figures">
        <caption>Layers after {moment}, on the first training batch</caption>
        <thead>
          <tr>
            {FIGURE_TITLES.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.layers.map((layer) => {
            const [name = '', ...figures] = figureRow(layer);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                {figures.map((figure, column) => (
                  <td key={FIGURE_TITLES[column + 1]}>{figure}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
