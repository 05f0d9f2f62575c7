/** All that the page of reserved instances knows, folded from what it is told. */
import type { Region } from '../../common/cloud/account.ts';
import type { Problem } from '../../common/errors.ts';
import type { Purchase, ReservedFinding, ToReservedPage } from '../../common/reservedMessages.ts';

/** What is brought back after a reload. */
export interface KeptReserved {
  readonly region: string;
  readonly instanceType: string;
  /** How long the machine is expected to run in a month. */
  readonly hoursPerMonth: number;
  readonly count: string;
}

export interface ReservedModel extends KeptReserved {
  readonly regions: readonly Region[];
  readonly ask: number;
  readonly isAsking: boolean;
  readonly finding: ReservedFinding | null;
  readonly problem: Problem | null;
  readonly purchase: Purchase | null;
}

export const emptyReserved: ReservedModel = {
  region: '',
  instanceType: '',
  hoursPerMonth: 160,
  count: '1',
  regions: [],
  ask: 0,
  isAsking: false,
  finding: null,
  problem: null,
  purchase: null,
};

export function receive(model: ReservedModel, message: ToReservedPage): ReservedModel {
  switch (message.type) {
    case 'begin':
      return {
        ...model,
        problem: null,
        regions: message.regions,
        // What was asked for from outside comes before what was here.
        region: message.instanceType !== '' || model.region === '' ? message.region : model.region,
        instanceType: message.instanceType === '' ? model.instanceType : message.instanceType,
      };
    case 'beginFailed':
      return { ...model, isAsking: false, problem: message.problem };
    case 'finding':
      return message.ask === model.ask ? { ...model, isAsking: false, problem: null, finding: message.finding } : model;
    case 'findFailed':
      return message.ask === model.ask ? { ...model, isAsking: false, finding: null, problem: message.problem } : model;
    case 'purchase':
      return { ...model, purchase: message.purchase };
  }
}
