/** A whole recipe to begin with, for a file that is still empty. */
import type { PrintStyle } from '../printValue.ts';

/** In the syntax of snippets: what stands in `${…}` is to be looked at. */
export function recipeSkeleton({ isJson = false }: PrintStyle): string {
  return isJson ? JSON_RECIPE : YAML_RECIPE;
}

const YAML_RECIPE = `name: \${1:My model}
params: { units: \${2:64}, learningRate: \${3:0.001} }
data:
  csv: \${4:data.csv}
  target: \${5:y}
  scale: standard
model:
  - dense: { units: \\$units, activation: relu }
  - dense: { units: 1 }
train:
  loss: \${6|meanSquaredError,meanAbsoluteError,huber|}
  metrics: [rmse]
  optimizer: { adam: { learningRate: \\$learningRate } }
  epochs: \${7:100}
`;

const JSON_RECIPE = `{
  "name": "\${1:My model}",
  "params": { "units": \${2:64}, "learningRate": \${3:0.001} },
  "data": {
    "csv": "\${4:data.csv}",
    "target": "\${5:y}",
    "scale": "standard"
  },
  "model": [
    { "dense": { "units": "\\$units", "activation": "relu" } },
    { "dense": { "units": 1 } }
  ],
  "train": {
    "loss": "\${6|meanSquaredError,meanAbsoluteError,huber|}",
    "metrics": ["rmse"],
    "optimizer": { "adam": { "learningRate": "\\$learningRate" } },
    "epochs": \${7:100}
  }
}
`;
