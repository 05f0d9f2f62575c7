/** Whether more or less of a metric is better. */

const HIGHER: readonly string[] = ['accuracy'];
const LOWER: readonly string[] = ['loss', 'rmse', 'mse', 'mae'];

/** @param metric With or without `val_`, `best_` or `test_` before it. @returns Null for a metric that is not of ours. */
export function metricDirection(metric: string): 'lower' | 'higher' | null {
  const name = metric.replace(/^(?:val|test)_/, '');
  return HIGHER.includes(name) ? 'higher' : LOWER.includes(name) ? 'lower' : null;
}
