/** Metrics over all test rows, in double precision and the data's own unit. */
import type { MetricName } from '../../common/recipe/schema.ts';

/** Actual and predicted values, one array per target. */
export interface Values {
  readonly actual: readonly Float64Array[];
  readonly predicted: readonly Float64Array[];
}

/** The metrics asked for, and always the rmse, which networks and baselines are compared by. */
export function scoreValues({ actual, predicted }: Values, metrics: readonly MetricName[]): Record<string, number> {
  let squares = 0;
  let sizes = 0;
  let count = 0;
  actual.forEach((column, i) => {
    column.forEach((value, row) => {
      const error = (predicted[i]?.[row] ?? Number.NaN) - value;
      squares += error * error;
      sizes += Math.abs(error);
      count += 1;
    });
  });
  const all = { rmse: Math.sqrt(squares / count), mse: squares / count, mae: sizes / count };
  const wanted = (['rmse', 'mse', 'mae'] as const).filter((name) => name === 'rmse' || metrics.includes(name));
  return Object.fromEntries(wanted.map((name) => [name, all[name]]));
}

export function scoreClasses(actual: ArrayLike<number>, predicted: ArrayLike<number>): { accuracy: number } {
  let right = 0;
  for (let row = 0; row < actual.length; row += 1) {
    right += Number(actual[row] === predicted[row]);
  }
  return { accuracy: right / actual.length };
}
