/** Keeps what an update rule remembers of the weights, group by group. */
import { keep, type Tensor, tensor1d, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { UpdateRule } from './updateRules.ts';
import { joinFlat, joinGroup, splitFlat, splitGroup, type WeightGroup } from './weightGroups.ts';

export interface Slots {
  /** Those of one group, in the order of the rule's names. */
  of(group: WeightGroup): readonly Tensor[];
  /** Group by group, in each in the order of the names. */
  all(): readonly Tensor[];
  /** Keeps `next`, in the order of `all`, and disposes what was. */
  replace(next: readonly Tensor[]): void;
  /** By name, one flat tensor over all weights in the order of the variables; the caller's to dispose. */
  flat(): Readonly<Record<string, Tensor>>;
  /** Takes back what `flat` gave. */
  restore(saved: Readonly<Record<string, Float32Array>>): void;
}

export function createSlots(
  { slotNames, begin }: UpdateRule,
  variables: readonly Variable[],
  groups: readonly WeightGroup[],
): Slots {
  let slots: readonly Tensor[] = [];
  const of = (group: WeightGroup) => {
    const from = groups.indexOf(group) * slotNames.length;
    return slots.slice(from, from + slotNames.length);
  };
  const replace = (next: readonly Tensor[]) => {
    for (const slot of slots) {
      slot.dispose();
    }
    slots = next.map((slot) => keep(slot));
  };
  const flatten = (index: number): Tensor => {
    const parts: Tensor[] = [];
    for (const group of groups) {
      splitGroup(of(group)[index] as Tensor, group).forEach((part, i) => {
        parts[group.members[i] as number] = part;
      });
    }
    return joinFlat(parts);
  };
  tidy(() => replace(groups.flatMap((group) => begin(joinGroup(variables, group)))));
  return {
    of,
    all: () => slots,
    replace,
    flat: () => tidy(() => Object.fromEntries(slotNames.map((name, index) => [name, flatten(index)]))),
    restore(saved) {
      const shapes = variables.map(({ shape }) => shape);
      tidy(() => {
        const parts = slotNames.map((name) => splitFlat(tensor1d(saved[name] ?? new Float32Array()), shapes));
        replace(groups.flatMap((group) => parts.map((ofSlot) => joinGroup(ofSlot, group))));
      });
    },
  };
}
