/** A valid recipe of many lines, for tests of speed. */

export function longRecipe(lines: number): string {
  const layers = Array.from(
    { length: lines - 12 },
    (_, index) => `  - dense: { name: layer${index}, units: $units, activation: relu } # ${index}`,
  );
  return `name: Long
params: { units: 64, learningRate: 0.001 }
data:
  csv: data.csv
  target: y
model:
${layers.join('\n')}
  - dense: { units: 1 }
train:
  loss: meanSquaredError
  optimizer: { adam: { learningRate: $learningRate } }
  epochs: 3
`;
}
