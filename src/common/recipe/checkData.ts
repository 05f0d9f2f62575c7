/** Refuses settings under `data` that do not fit together. */
import type { ErrorCode } from '../errorCodes.ts';
import type { Problem } from '../errors.ts';
import { DATA_SOURCES, imageShapeOf } from './dataFiles.ts';
import { DATASETS } from './datasets.ts';
import { type DataSettings, LABEL, type Recipe, type TestSplit } from './schema.ts';

export function checkData({ data }: Recipe): Problem[] {
  return [...checkSource(data), ...checkKinds(data), ...checkImageFiles(data), ...checkImage(data)];
}

const problem = (code: ErrorCode, path: string, message: string, remedy: string): Problem => ({
  code,
  path,
  message,
  remedy,
});

function checkSource(data: DataSettings): Problem[] {
  const [first, second] = DATA_SOURCES.filter((name) => data[name] !== undefined);
  const all = DATA_SOURCES.join(', ');
  if (first === undefined) {
    return [
      problem('recipe-missing-key', 'data.csv', 'is missing, and so is every other source.', `Give one of: ${all}.`),
    ];
  }
  return second === undefined
    ? []
    : [
        problem(
          'recipe-data',
          `data.${second}`,
          `stands beside data.${first}: the data comes from one of them.`,
          `Give exactly one of: ${all}.`,
        ),
      ];
}

/** Images, texts and sequences each say all about the inputs, so that two of them contradict each other. */
function checkKinds(data: DataSettings): Problem[] {
  const images = (['image', 'idx', 'dataset'] as const).find((name) => data[name] !== undefined);
  const kinds: [string, string][] = [
    ...(images === undefined ? [] : [[images, 'images'] as [string, string]]),
    ...(data.text === undefined ? [] : [['text', 'texts'] as [string, string]]),
    ...(data.sequences === undefined ? [] : [['sequences', 'sequences of rows'] as [string, string]]),
  ];
  const [first, second] = kinds;
  return first === undefined || second === undefined
    ? []
    : [
        problem(
          'recipe-data',
          `data.${second[0]}`,
          `makes the inputs ${second[1]}, but data.${first[0]} makes them ${first[1]}.`,
          'Take one of the two out.',
        ),
      ];
}

/** What columns of a table need has no meaning where the data are images with labels. */
function checkImageFiles(data: DataSettings): Problem[] {
  const source = data.idx !== undefined ? 'idx' : data.dataset !== undefined ? 'dataset' : null;
  if (source === null) {
    return [];
  }
  const meaningless = [
    ['features', data.features !== undefined],
    ['categorical', data.categorical.length > 0],
    ['lookback', data.lookback !== undefined],
    ['target', data.target.join() !== LABEL],
  ].filter(([, isSet]) => isSet);
  const problems = meaningless.map(([name]) =>
    problem(
      'recipe-data',
      `data.${name}`,
      `says nothing about ${source}, whose features are pixels and whose target is called ${LABEL}.`,
      'Take it out.',
    ),
  );
  return [...problems, ...checkTestFiles(data, source), ...checkSize(data)];
}

function checkTestFiles({ idx, test }: DataSettings, source: string): Problem[] {
  const hasImages = idx?.testImages !== undefined;
  if (idx !== undefined && hasImages !== (idx.testLabels !== undefined)) {
    const [here, missing] = hasImages ? ['testImages', 'testLabels'] : ['testLabels', 'testImages'];
    return [problem('recipe-data', `data.idx.${here}`, `stands there without ${missing}.`, `Add ${missing}.`)];
  }
  if (test !== undefined && (source === 'dataset' || hasImages)) {
    return [
      problem(
        'recipe-data',
        'data.test',
        'divides the rows, but the test rows are files of their own.',
        'Take it out.',
      ),
    ];
  }
  return test === undefined ? [] : checkTestColumn(test);
}

function checkTestColumn(test: TestSplit): Problem[] {
  const [key, column] = 'time' in test ? ['time', test.time] : ['by', 'every' in test ? test.by : undefined];
  return column === undefined || (key === 'by' && column === LABEL)
    ? []
    : [
        problem(
          'data-unknown-column',
          `data.test.${key}`,
          `"${column}" is no column: images have pixels, and ${LABEL}.`,
          `Use test: { every: 5, by: ${LABEL} }, or rows, or fraction.`,
        ),
      ];
}

function checkSize({ image, dataset }: DataSettings): Problem[] {
  if (image === undefined || dataset === undefined) {
    return [];
  }
  const { title, image: real } = DATASETS[dataset];
  const isSame = image.height === real.height && image.width === real.width && image.channels === real.channels;
  return isSame
    ? []
    : [
        problem(
          'data-image-size',
          'data.image',
          `says ${sizeText(image)}, but the images of ${title} are ${sizeText(real)}.`,
          'Take it out.',
        ),
      ];
}

const sizeText = ({ height, width, channels }: { height: number; width: number; channels: number }) =>
  `${height} × ${width} × ${channels}`;

function checkImage(data: DataSettings): Problem[] {
  const { image, csv, lookback, categorical, target, features } = data;
  if (image === undefined || csv === undefined) {
    return [];
  }
  const pixels = imageShapeOf(data)?.reduce<number>((product, size) => product * (size ?? 1), 1) ?? 0;
  const words = categorical.find((name) => !target.includes(name));
  const problems: Problem[] = [];
  if (lookback !== undefined) {
    problems.push(
      problem('recipe-data', 'data.lookback', 'cuts a series into windows, but the rows are images.', 'Take one out.'),
    );
  }
  if (words !== undefined) {
    problems.push(
      problem(
        'recipe-data',
        'data.categorical',
        `takes ${words} as words, but the features are pixels.`,
        'Take it out, or name the pixels alone under data.features.',
      ),
    );
  }
  if (features !== undefined && features.length !== pixels) {
    problems.push(
      problem(
        'data-image-size',
        'data.features',
        `names ${features.length} columns, but an image of ${sizeText(image)} has ${pixels} pixels.`,
        'Name as many columns as there are pixels, or mend data.image.',
      ),
    );
  }
  return problems;
}
