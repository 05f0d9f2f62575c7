/** Decides which rows of a table are which sequences, and which of them are for training, validation and test. */
import type { Recipe } from '../../common/recipe/schema.ts';
import { cutOf, type GroupedSequences, groupedOf } from '../../common/recipe/sequences.ts';
import type { EncodedInputs } from './encodeInputs.ts';
import type { EncodedTargets } from './encodeTargets.ts';
import type { Table } from './loadCsv.ts';
import { holdOut, type Samples } from './samples.ts';
import {
  cutSpans,
  type Filling,
  fillSpans,
  type Group,
  groupSpans,
  type Span,
  toSequences,
  toSteps,
} from './sequenceSamples.ts';
import { splitRows } from './splitRows.ts';

export interface SampleSets {
  readonly train: Samples;
  readonly validation: Samples | null;
  readonly test: Samples;
  /** Of sequences, their steps as samples of their own: for baselines and scores. */
  readonly steps: { readonly train: Samples; readonly validation: Samples | null; readonly test: Samples } | null;
}

/** Which rows training looks at, and the samples once the rows are numbers. */
export interface Layout {
  /** Rows that training sees as input or target. */
  readonly seen: Int32Array;
  /** Rows whose targets training sees. */
  readonly seenTargets: Int32Array;
  make(inputs: EncodedInputs, targets: EncodedTargets): SampleSets;
}

/** @throws {SkilletError} `data-too-short`, `data-sequences`, `data-split`. */
export function layOutSequences(recipe: Recipe, table: Table): Layout | null {
  const grouped = groupedOf(recipe.data);
  return grouped === null ? layOutCut(recipe, table) : layOutGrouped(recipe, table, grouped);
}

function layOutCut({ data }: Recipe, table: Table): Layout | null {
  const cut = cutOf(data);
  if (cut === null) {
    return null;
  }
  const { train, validation, test } = cutSpans(table.rows, data.difference ?? 0, cut);
  return {
    ...seenBy(train),
    make: (inputs, targets) => {
      const steps = toSteps(inputs, targets, [test]);
      return {
        train: toSequences(inputs, targets, { spans: train, filling: null }),
        validation: validation.length === 0 ? null : toSequences(inputs, targets, { spans: validation, filling: null }),
        test: steps,
        // Numbers alone are cut: nobody asks for the steps of the validation.
        steps: { train: toSteps(inputs, targets, train), validation: null, test: steps },
      };
    },
  };
}

function layOutGrouped(recipe: Recipe, table: Table, settings: GroupedSequences): Layout {
  const groups = groupsOf(table, settings.by);
  const spans = groupSpans(groups, settings);
  const filling = fillSpans(spans, groups, settings);
  const split = splitRows(
    recipe.data,
    Int32Array.from(spans, (_, k) => k),
    { timeOf: () => 0, groupOf: () => 0 },
  );
  const pick = (places: Int32Array): Span[] => Array.from(places, (k) => spans[k] as Span);
  const counted = (places: Int32Array): Span[] => pick(places).map((span) => countedSteps(span, settings));
  const make = (inputs: EncodedInputs, targets: EncodedTargets): SampleSets => {
    const toSamples = (places: Int32Array) =>
      toSequences(inputs, targets, { spans: pick(places), filling: pickFilling(filling, places) });
    const all = toSamples(split.train);
    const { train, validation } = holdOut(all, recipe.train.validationSplit);
    return {
      train,
      validation,
      test: toSamples(split.test),
      steps: {
        train: toSteps(inputs, targets, counted(split.train.subarray(0, train.count))),
        validation: validation === null ? null : toSteps(inputs, targets, counted(split.train.subarray(train.count))),
        test: toSteps(inputs, targets, counted(split.test)),
      },
    };
  };
  return { ...seenBy(pick(split.train)), make };
}

function countedSteps({ from, steps, ahead }: Span, { output }: GroupedSequences): Span {
  return output === 'last' ? { from: from + steps - 1, steps: 1, ahead } : { from, steps, ahead };
}

function pickFilling({ steps, filled, counts }: Filling, places: Int32Array): Filling {
  return {
    steps: places.map((k) => steps[k] ?? 0),
    filled: places.map((k) => filled[k] ?? 0),
    counts,
  };
}

function seenBy(spans: readonly Span[]): Pick<Layout, 'seen' | 'seenTargets'> {
  const inputs = new Set<number>();
  const targets = new Set<number>();
  for (const { from, steps, ahead } of spans) {
    for (let row = from; row < from + steps; row += 1) {
      inputs.add(row).add(row + ahead);
      targets.add(row + ahead);
    }
  }
  return { seen: Int32Array.from(inputs).sort(), seenTargets: Int32Array.from(targets).sort() };
}

/** @param table Its rows lie group by group. */
export function groupsOf(table: Table, by: string): Group[] {
  const column = table.columns.get(by);
  if (column?.kind !== 'category') {
    return [];
  }
  const groups: Group[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    const last = groups.at(-1);
    const name = column.categories[column.codes[row] ?? -1] ?? '';
    if (last?.name === name) {
      groups[groups.length - 1] = { ...last, to: row + 1 };
    } else {
      groups.push({ name, from: row, to: row + 1 });
    }
  }
  return groups;
}

/** Rows in the order in which their groups first appear, each group's in file order. */
export function orderByGroup(table: Table, by: string, rows: Int32Array): Int32Array {
  const column = table.columns.get(by);
  if (column?.kind !== 'category') {
    return rows;
  }
  const place = new Map<number, number>();
  for (const row of rows) {
    const code = column.codes[row] ?? -1;
    place.set(code, place.get(code) ?? place.size);
  }
  const placeOf = (row: number) => place.get(column.codes[row] ?? -1) ?? 0;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b) || a - b);
}
