/** The provider in memory keeps the contract, so that tests which use it say something about real ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchProfileSchema } from '../../src/common/cloud/launchProfile.ts';
import { SkilletError } from '../../src/common/errors.ts';
import { createMemoryCloud, type MemoryCloud } from '../fixtures/cloud/memoryProvider.ts';
import { madeInstance } from '../fixtures/cloud/memoryThings.ts';
import { tempFolder } from '../fixtures/tempFolder.ts';
import type { Context, FaultKind } from './context.ts';
import { FACTS } from './provider.ts';

const [east, west] = ['us-east-1', 'us-west-2'] as const;

function contextOf(cloud: MemoryCloud, folder: string): Context {
  const { provider } = cloud;
  const code = (kind: FaultKind) => `cloud-${kind}` as const;
  return {
    provider,
    regions: [east, west],
    signal: AbortSignal.timeout(60_000),
    folder,
    unknown: { provider: 'aws', region: east, id: 'i-nobody' },
    async foreign(region, count) {
      const made = Array.from({ length: count }, (_, at) =>
        madeInstance({ id: 'aws', region, index: at * 6 + 1, now: Date.now() }),
      );
      for (const one of made) {
        cloud.instances.set(one.id, { ...one, tags: {} });
      }
      return made;
    },
    profile: (name) =>
      launchProfileSchema.parse({
        region: east,
        instanceType: 'g5.xlarge',
        name,
        image: { id: { id: 'ami-1' } },
        securityGroup: { create: { name } },
      }),
    job: async (token) => ({
      token,
      region: east,
      name: 'boston',
      bundle: folder,
      program: { type: 'recipe', file: 'recipe.yaml' },
      instanceType: 'ml.g5.xlarge',
      count: 1,
      role: 'arn:aws:iam::123456789012:role/job',
      spot: null,
      maximumSeconds: 3600,
      environment: {},
    }),
    fault(verb, kind, region) {
      cloud.heal();
      cloud.fail(verb, new SkilletError(code(kind), region, { message: 'is so.', remedy: 'Wait.' }), { region });
    },
    settle: cloud.settle,
    imageText: 'rstudio SERVER',
    reservedType: 'g5.xlarge',
  };
}

for (const fact of FACTS) {
  test(`memory: ${fact.name}`, async (t) => {
    const cloud = createMemoryCloud();
    await fact.check(contextOf(cloud, tempFolder(t)));
  });
}

test('memory: a thousand machines are listed in pages', async () => {
  const { provider } = createMemoryCloud({ instances: 1000, pageSize: 100 });
  const sizes: number[] = [];
  for await (const page of provider.list(east, AbortSignal.timeout(10_000))) {
    sizes.push(page.length);
  }
  assert.deepEqual(sizes, [100, 100, 100, 100, 100]);
});
