/** Advice on columns that are no good as inputs, or not as the recipe takes them. */
import { type ColumnProfile, isNumeric } from '../../data/profile.ts';
import type { Problem } from '../../errors.ts';
import { isClassification } from '../checkTraining.ts';
import { didYouMean } from '../didYouMean.ts';
import { isManyWords } from '../suggestChoices.ts';
import { byPlace, type Facts, leaveOutRemedy, listNames, placeOf } from './facts.ts';
import { warning } from './warning.ts';

export function adviseColumns(facts: Facts): Problem[] {
  return [
    ...unknownColumns(facts),
    ...wordsAsNumbers(facts),
    ...constantColumns(facts),
    ...idColumns(facts),
    ...manyWords(facts),
    ...missingValues(facts),
  ];
}

function unknownColumns({ recipe: { data }, profile }: Facts): Problem[] {
  const header = profile.columns.map(({ name }) => name);
  const named: [string, string][] = [
    ...data.target.map((name): [string, string] => ['data.target', name]),
    ...(data.features ?? []).map((name, index): [string, string] => [`data.features[${index}]`, name]),
    ...data.categorical.map((name, index): [string, string] => [`data.categorical[${index}]`, name]),
    ...(data.test !== undefined && 'time' in data.test ? [['data.test.time', data.test.time] as [string, string]] : []),
  ];
  return named
    .filter(([, name]) => profile.hasHeader && !header.includes(name))
    .map(([path, name]) => {
      const guess = didYouMean(name, header);
      const shown = header.length > 30 ? `${header.slice(0, 30).join(', ')}, …` : header.join(', ');
      return warning('unknown-column', path, {
        message: `"${name}" is not a column of ${profile.file}.`,
        remedy: `${guess === null ? '' : `Did you mean ${guess}? `}Columns: ${shown}.`,
      });
    });
}

/** What the trainer would read as numbers, and stumble over. */
function wordsAsNumbers({ recipe, features, targets }: Facts): Problem[] {
  const { categorical, text } = recipe.data;
  const isOdd = (column: ColumnProfile) =>
    ![...categorical, text?.column].includes(column.name) &&
    column.filled > 0 &&
    (column.numbers === null || column.strays !== null);
  const odd = targets.filter(isOdd).map(({ name, examples, strays }) =>
    warning('words-as-numbers', 'data.target', {
      message: `${name} holds "${strays?.example ?? examples[0]}", which is no number.`,
      remedy: isClassification(recipe)
        ? `List it under data.categorical, to take its values as classes.`
        : 'Choose a column of numbers, or a class loss with the column under data.categorical.',
    }),
  );
  const inputs = byPlace(
    recipe,
    features.filter((column) => isOdd(column) && !targets.includes(column)),
  );
  return [
    ...odd,
    ...inputs.map(([place, columns]) => {
      const [first] = columns;
      return warning('words-as-numbers', place, {
        message: `${listNames(columns)} ${columns.length === 1 ? 'is' : 'are'} used as numbers, but ${first?.name} holds "${first?.strays?.example ?? first?.examples[0]}".`,
        remedy: `List ${columns.length === 1 ? 'it' : 'those'} under data.categorical where words repeat. Where they do not: ${leaveOutRemedy(recipe, columns)}`,
      });
    }),
  ];
}

/** Constant words that are used as numbers are told by the other rule. */
function constantColumns({ recipe, features }: Facts): Problem[] {
  if (recipe.data.image !== undefined) {
    return []; // Pixels at the border never vary, and none can be left out.
  }
  const found = features.filter(
    ({ type, numbers, name }) =>
      type === 'empty' || (type === 'constant' && (numbers !== null || recipe.data.categorical.includes(name))),
  );
  return byPlace(recipe, found).map(([place, columns]) =>
    warning('constant-column', place, {
      message: `${listNames(columns)} never var${columns.length === 1 ? 'ies' : 'y'}, so nothing can be learnt from ${columns.length === 1 ? 'it' : 'them'}.`,
      remedy: leaveOutRemedy(recipe, columns),
    }),
  );
}

function idColumns({ recipe, features }: Facts): Problem[] {
  const found = features.filter(({ type, numbers }) => type === 'id' && numbers !== null);
  return byPlace(recipe, found).map(([place, columns]) =>
    warning('id-column', place, {
      message: `${listNames(columns)}: ${columns[0]?.why}. A network learns it by heart, or a trend from the order of the file.`,
      remedy: leaveOutRemedy(recipe, columns),
    }),
  );
}

function manyWords({ recipe, features, rows }: Facts): Problem[] {
  return features
    .filter((column) => recipe.data.categorical.includes(column.name) && isManyWords(column, rows))
    .map((column) =>
      warning('many-words', `data.categorical[${recipe.data.categorical.indexOf(column.name)}]`, {
        message: `${column.name} has ${column.isDistinctCapped ? 'more than ' : ''}${column.distinct.toLocaleString('en-US')} different words, each an input of its own, for ${rows.toLocaleString('en-US')} rows.`,
        remedy: 'Group rare words in the file, or leave the column out of data.features.',
      }),
    );
}

function missingValues({ recipe, features, targets, time }: Facts): Problem[] {
  const { missing, categorical } = recipe.data;
  if (missing === 'drop') {
    return [];
  }
  const used = [...new Set([...features, ...targets, ...(time === null ? [] : [time])])];
  const canFill = (column: ColumnProfile) =>
    missing === 'mean' &&
    isNumeric(column) &&
    !targets.includes(column) &&
    column !== time &&
    !categorical.includes(column.name);
  const holed = used.filter((column) => column.missing > 0 && !canFill(column));
  const [first] = holed;
  if (first === undefined) {
    return [];
  }
  const rest =
    holed.length > 1 ? `, and ${holed.length - 1} more column${holed.length > 2 ? 's lack' : ' lacks'} some` : '';
  const canAllFill =
    missing === 'error' &&
    holed.every(
      (column) => placeOf(recipe, column.name) !== 'data.target' && isNumeric(column) && !targets.includes(column),
    );
  return [
    warning('missing-values', 'data.missing', {
      message: `${first.name} lacks ${first.missing.toLocaleString('en-US')} value${first.missing === 1 ? '' : 's'}${rest}; ${missing === 'mean' ? 'a mean can only stand in for a number that is an input' : 'the recipe refuses missing values'}.`,
      remedy: canAllFill
        ? 'Set data.missing: mean (the mean of the training rows stands in) or drop (such rows are left out).'
        : 'Set data.missing: drop, or leave the column out.',
    }),
  ];
}
