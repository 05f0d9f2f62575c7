/** All that the page of a sweep knows, folded from what it is told and what a person chose. */

import type { Leftover } from '../../common/cloud/leftover.ts';
import { isPreselected, leftoverKey, sumLeftovers, sumText, thingsText } from '../../common/cloud/leftoverText.ts';
import type { ToSweepPage } from '../../common/sweepMessages.ts';

export interface SweepModel {
  readonly account: string;
  readonly regions: readonly string[];
  /** Regions that have told all. */
  readonly done: ReadonlySet<string>;
  readonly isSweeping: boolean;
  readonly isRemoving: boolean;
  /** By key, in the order in which they were found. */
  readonly leftovers: ReadonlyMap<string, Leftover>;
  readonly selected: ReadonlySet<string>;
  readonly removing: ReadonlySet<string>;
  /** By key, why it could not be removed. */
  readonly failures: ReadonlyMap<string, string>;
  readonly removedCount: number;
  /** What could not be listed: the sentence, and the regions that it holds for. */
  readonly faults: ReadonlyMap<string, readonly string[]>;
  readonly failure: string | null;
}

export const emptySweep: SweepModel = {
  account: '',
  regions: [],
  done: new Set(),
  isSweeping: true,
  isRemoving: false,
  leftovers: new Map(),
  selected: new Set(),
  removing: new Set(),
  failures: new Map(),
  removedCount: 0,
  faults: new Map(),
  failure: null,
};

export function receive(model: SweepModel, message: ToSweepPage): SweepModel {
  switch (message.type) {
    case 'begin':
      return { ...emptySweep, account: message.account, regions: message.regions };
    case 'found': {
      const faults = withFault(model.faults, message.fault, message.region);
      const fresh = message.leftovers.map((one) => [leftoverKey(one), one] as const);
      const chosen = message.leftovers.filter(isPreselected).map(leftoverKey);
      return {
        ...model,
        faults,
        leftovers: new Map([...model.leftovers, ...fresh]),
        selected: new Set([...model.selected, ...chosen]),
      };
    }
    case 'regionEnd':
      return {
        ...model,
        done: new Set([...model.done, message.region]),
        faults: withFault(model.faults, message.fault, message.region),
      };
    case 'end':
      return { ...model, isSweeping: false };
    case 'failed':
      return { ...model, isSweeping: false, isRemoving: false, removing: new Set(), failure: message.message };
    case 'removing':
      return {
        ...model,
        isRemoving: true,
        removing: new Set(message.keys),
        failures: new Map([...model.failures].filter(([key]) => !message.keys.includes(key))),
      };
    case 'removed':
      return removed(model, message);
    case 'removalEnd':
      return { ...model, isRemoving: false, removing: new Set() };
  }
}

function removed(
  model: SweepModel,
  { key, isRemoved, message }: Extract<ToSweepPage, { type: 'removed' }>,
): SweepModel {
  const removing = new Set(model.removing);
  removing.delete(key);
  if (!isRemoved) {
    return { ...model, removing, failures: new Map([...model.failures, [key, message]]) };
  }
  const leftovers = new Map(model.leftovers);
  leftovers.delete(key);
  const selected = new Set(model.selected);
  selected.delete(key);
  return { ...model, removing, leftovers, selected, removedCount: model.removedCount + 1 };
}

function withFault(faults: SweepModel['faults'], fault: string | null, region: string): SweepModel['faults'] {
  const known = fault === null ? [] : (faults.get(fault) ?? []);
  return fault === null || known.includes(region) ? faults : new Map([...faults, [fault, [...known, region]]]);
}

export function select(model: SweepModel, keys: readonly string[], isSelected: boolean): SweepModel {
  const selected = new Set(model.selected);
  for (const key of keys) {
    isSelected ? selected.add(key) : selected.delete(key);
  }
  return { ...model, selected };
}

/** Skillet's own first, then what others left; each by region and kind, the dearest first. */
export function groupsOf({ leftovers }: SweepModel) {
  const all = [...leftovers.values()];
  const groups = [
    { title: 'Made by Skillet', isOurs: true },
    { title: 'Left over by others', isOurs: false },
  ];
  return groups
    .map(({ title, isOurs }) => ({ title, isOurs, rows: all.filter((one) => one.isOurs === isOurs).sort(compare) }))
    .filter(({ rows }) => rows.length > 0);
}

function compare(a: Leftover, b: Leftover): number {
  // What is not known may be dear.
  const cost = (one: Leftover) => one.perMonthUsd ?? Number.MAX_VALUE;
  return (
    cost(b) - cost(a) || a.region.localeCompare(b.region) || a.kind.localeCompare(b.kind) || a.id.localeCompare(b.id)
  );
}

/** Whether all was looked at, and nothing is there. */
export function isAllClear({ leftovers, faults, done, regions }: SweepModel): boolean {
  return leftovers.size === 0 && faults.size === 0 && done.size >= regions.length;
}

export function foundText(model: SweepModel): string {
  const { leftovers } = model;
  if (leftovers.size > 0) {
    return `${thingsText(leftovers.size)} found, which cost ${sumText(sumLeftovers([...leftovers.values()]))}.`;
  }
  return isAllClear(model) ? 'Nothing is left over.' : 'Nothing was found; not all was looked at.';
}

export function selectedOf({ leftovers, selected }: SweepModel): readonly Leftover[] {
  return [...leftovers].flatMap(([key, one]) => (selected.has(key) ? [one] : []));
}
