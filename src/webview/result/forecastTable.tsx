/** The numbers behind the chart of a forecast, latest step first. */
import { useState } from 'preact/hooks';
import { formatNumber } from '../../common/format.ts';
import type { ForecastCurve, Range } from './forecastData.ts';
import { rangeAt } from './forecastData.ts';

const PAGE = 200;

export function ForecastTable(props: {
  readonly curves: readonly ForecastCurve[];
  readonly ranges: readonly Range[];
  readonly stepNames: readonly string[];
}) {
  const { curves, ranges, stepNames } = props;
  const [shown, setShown] = useState(PAGE);
  const count = Math.min(shown, stepNames.length);
  const places = Array.from({ length: count }, (_, index) => stepNames.length - 1 - index);
  return (
    <section class="table-scroll" aria-label="Values by step">
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col" class="range">
              range
            </th>
            {curves.map(({ role, label }) => (
              <th key={role} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr key={place}>
              <th scope="row">{stepNames[place]}</th>
              <td class="range muted">{rangeAt(ranges, place)?.name}</td>
              {curves.map(({ role, values }) => (
                <td key={role}>{formatNumber(values[place])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {stepNames.length > count ? (
        <button type="button" class="plain" onClick={() => setShown(shown + PAGE * 5)}>
          Show earlier steps ({(stepNames.length - count).toLocaleString('en-US')} more)
        </button>
      ) : null}
    </section>
  );
}
