/** All that the page of this machine knows, folded from what it is told. */
import type { Check, CheckGroup, MachineReport, PlannedCheck } from '../../common/machine/check.ts';
import type { ToMachinePage } from '../../common/machineMessages.ts';

export interface MachineModel {
  readonly plan: readonly PlannedCheck[];
  /** By id. A check that is made anew keeps its old result until the new one is there, so that nothing jumps. */
  readonly checks: ReadonlyMap<string, Check>;
  readonly pending: ReadonlySet<string>;
  readonly isChecking: boolean;
  /** Of the last check that came to its end. */
  readonly report: MachineReport | null;
  /** Why the check broke off. */
  readonly failure: string | null;
}

export const emptyMachine: MachineModel = {
  plan: [],
  checks: new Map(),
  pending: new Set(),
  isChecking: true,
  report: null,
  failure: null,
};

export function receive(model: MachineModel, message: ToMachinePage): MachineModel {
  switch (message.type) {
    case 'begin': {
      const pending = new Set(message.plan.map(({ id }) => id));
      return { ...model, plan: message.plan, pending, isChecking: true, failure: null };
    }
    case 'check': {
      const pending = new Set(model.pending);
      pending.delete(message.check.id);
      return { ...model, checks: new Map(model.checks).set(message.check.id, message.check), pending };
    }
    case 'end':
      return { ...model, report: message.report, isChecking: false };
    case 'failed':
      return { ...model, pending: new Set(), isChecking: false, failure: message.message };
  }
}

export function groupsOf({ plan }: MachineModel): readonly { name: CheckGroup; lines: readonly PlannedCheck[] }[] {
  const names = [...new Set(plan.map(({ group }) => group))];
  return names.map((name) => ({ name, lines: plan.filter(({ group }) => group === name) }));
}
