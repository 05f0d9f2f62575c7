/** The cards of EC2's instance types: a table for those that are known, EC2 itself for those that came later. */
import { DescribeInstanceTypesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Gpu } from '../../common/cloud/instance.ts';

const GIB = 1024 ** 3;

/** Cards of a family, memory of one in GiB, and how many where it is not one, by size. */
type Family = readonly [name: string, gib: number, counts: Readonly<Record<string, number>>];

const EIGHT = { '48xlarge': 8, '24xlarge': 8, metal: 8 } as const;
const G4_TO_G6 = { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8, metal: 8 } as const;

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html */
const FAMILIES: Readonly<Record<string, Family>> = {
  g3: ['M60', 8, { '8xlarge': 2, '16xlarge': 4 }],
  g3s: ['M60', 8, {}],
  g4dn: ['T4', 16, { '12xlarge': 4, metal: 8 }],
  g5: ['A10G', 24, G4_TO_G6],
  g5g: ['T4g', 16, { '16xlarge': 2, metal: 2 }],
  g6: ['L4', 24, G4_TO_G6],
  gr6: ['L4', 24, {}],
  g6e: ['L40S', 48, G4_TO_G6],
  p2: ['K80', 12, { '8xlarge': 8, '16xlarge': 16 }],
  p3: ['V100', 16, { '8xlarge': 4, '16xlarge': 8 }],
  p3dn: ['V100', 32, EIGHT],
  p4d: ['A100', 40, EIGHT],
  p4de: ['A100', 80, EIGHT],
  p5: ['H100', 80, EIGHT],
  p5e: ['H200', 141, EIGHT],
  p5en: ['H200', 141, EIGHT],
  'p6-b200': ['B200', 179, EIGHT],
};

/** Families with cards begin with these letters; nothing is asked about the others. */
const MAY_HAVE_CARDS = /^(?:g|p)\w*\d/;

export interface GpuTypes {
  /** Null for none, and for those that are not known yet. */
  of(type: string): Gpu | null;
  /** Asks for the types that the table lacks; a failure leaves them unknown until the next time. */
  learn(ec2: EC2Client, types: readonly string[], signal: AbortSignal): Promise<void>;
}

export function createGpuTypes(): GpuTypes {
  const learned = new Map<string, Gpu | null>();
  return {
    of: (type) => learned.get(type) ?? fromTable(type),
    async learn(ec2, types, signal) {
      const missing = [...new Set(types)].filter(
        (type) => MAY_HAVE_CARDS.test(type) && !learned.has(type) && fromTable(type) === null,
      );
      for (let at = 0; at < missing.length; at += 100) {
        await learnSome(ec2, { types: missing.slice(at, at + 100), learned, signal });
      }
    },
  };
}

interface Lesson {
  /** At most 100. */
  readonly types: readonly string[];
  readonly learned: Map<string, Gpu | null>;
  readonly signal: AbortSignal;
}

async function learnSome(ec2: EC2Client, { types, learned, signal }: Lesson): Promise<void> {
  const command = new DescribeInstanceTypesCommand({
    // A filter and not a list of names, which is refused whole where one of them is not known.
    Filters: [{ Name: 'instance-type', Values: [...types] }],
  });
  const { InstanceTypes = [] } = await ec2.send(command, { abortSignal: signal });
  for (const { InstanceType, GpuInfo } of InstanceTypes) {
    const [card] = GpuInfo?.Gpus ?? [];
    const mib = card?.MemoryInfo?.SizeInMiB;
    const gpu =
      card === undefined
        ? null
        : { name: card.Name ?? '', count: card.Count ?? 1, memoryBytes: mib === undefined ? null : mib * 1024 ** 2 };
    learned.set(InstanceType ?? '', gpu);
  }
}

function fromTable(type: string): Gpu | null {
  const [family = '', size = ''] = type.split('.');
  const known = FAMILIES[family];
  return known === undefined ? null : { name: known[0], count: known[2][size] ?? 1, memoryBytes: known[1] * GIB };
}
