/** Refuses settings that do not go together with `data.text`, and embeddings that do not fit its codes. */
import type { Problem } from '../errors.ts';
import { INPUT } from './nameLayers.ts';
import type { Recipe } from './schema.ts';

export function checkText(recipe: Recipe): Problem[] {
  const { text } = recipe.data;
  return text === undefined
    ? []
    : [...checkColumns(recipe, text.column), ...checkInputs(recipe), ...checkFirst(recipe)];
}

/** Layers whose shape would do, but to which a code is an amount. */
function checkFirst(recipe: Recipe): Problem[] {
  return recipe.model.flatMap((layer, index): Problem[] =>
    layer.inputs.includes(INPUT) && (layer.type === 'dense' || layer.type === 'batchNormalization')
      ? [
          {
            code: 'recipe-shape',
            path: `model[${index}].${layer.type}`,
            message: `${layer.type} reads the codes of texts as if they were amounts.`,
            remedy: 'Put an embedding before it: embedding: { outputDim: 16 }.',
          },
        ]
      : [],
  );
}

function checkColumns({ data }: Recipe, column: string): Problem[] {
  const clashes: [boolean, string, string, string][] = [
    [data.target.includes(column), 'data.text.column', `${column} is the text and the target.`, 'Name another column.'],
    [
      data.categorical.includes(column),
      'data.categorical',
      `${column} is the text, and cannot be one-hot as well.`,
      `Take ${column} out of data.categorical.`,
    ],
    [
      data.features !== undefined,
      'data.features',
      'names inputs beside data.text, whose text alone is the input.',
      'Take data.features out.',
    ],
  ];
  return clashes.flatMap(([clash, path, message, remedy]): Problem[] =>
    clash ? [{ code: 'recipe-out-of-range', path, message, remedy }] : [],
  );
}

function checkInputs({ data }: Recipe): Problem[] {
  const problems: Problem[] = [];
  if (data.lookback !== undefined) {
    problems.push({
      code: 'recipe-out-of-range',
      path: 'data.lookback',
      message: `cuts a series into windows of ${data.lookback}, but texts are no series.`,
      remedy: 'Take data.lookback out; data.text.length says how long a text is.',
    });
  }
  if (data.scale !== 'none') {
    problems.push({
      code: 'recipe-out-of-range',
      path: 'data.scale',
      message: `${data.scale} would scale the codes of texts, which an embedding needs whole.`,
      remedy: 'Take data.scale out.',
    });
  }
  if (data.missing === 'mean') {
    problems.push({
      code: 'recipe-out-of-range',
      path: 'data.missing',
      message: 'There is no mean of texts.',
      remedy: 'Use missing: drop, or missing: error.',
    });
  }
  return problems;
}

/** Embeddings, where their size is wrong for what the recipe says of the codes. */
export function checkEmbeddings({ data, model }: Recipe): Problem[] {
  return model.flatMap((layer, index): Problem[] => {
    if (layer.type !== 'embedding') {
      return [];
    }
    const path = `model[${index}].embedding.inputDim`;
    const readsText = data.text !== undefined && layer.inputs.includes(INPUT);
    if (layer.inputDim === undefined) {
      return readsText
        ? []
        : [
            {
              code: 'recipe-missing-key',
              path,
              message: 'is not there, and there are no texts (data.text) whose vocabulary would give it.',
              remedy: 'Add inputDim: the number of different codes.',
            },
          ];
    }
    const most = data.text?.vocabulary;
    return readsText && most !== undefined && layer.inputDim < most
      ? [
          {
            code: 'recipe-out-of-range',
            path,
            message: `${layer.inputDim} is less than the ${most} codes that data.text.vocabulary allows.`,
            remedy: `Set inputDim: ${most}, or leave it out: the vocabulary then gives it.`,
          },
        ]
      : [];
  });
}
