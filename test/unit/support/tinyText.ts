/** A recipe that trains in a moment, and its data. */

/** 40 rows of y = 2a - b + 1. */
export const tinyCsv = [
  'a,b,y',
  ...Array.from({ length: 40 }, (_, index) => {
    const [a, b] = [index % 7, (index * 3) % 5];
    return `${a},${b},${2 * a - b + 1}`;
  }),
  '',
].join('\n');

export const tinyRecipe = `name: Tiny
params: { units: 4 }
data: { csv: tiny.csv, target: y, test: { rows: 8 } }
model:
  - dense: { units: $units, activation: relu }
  - dense: { units: 1 }
train: { loss: meanSquaredError, metrics: [rmse], batchSize: 8, epochs: 3, device: cpu }
`;
