/** AWS keeps the contract, on the emulator. Facts whose verbs are placeholders are skipped. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { providerModule } from '../../src/cloud/aws/aws.ts';
import { createAwsClients } from '../../src/cloud/aws/awsClients.ts';
import { launchProfileSchema } from '../../src/common/cloud/launchProfile.ts';
import { rulePrices, ruleReserved } from '../fixtures/cloud/awsPrices.ts';
import type { Answer } from '../fixtures/cloud/awsProxy.ts';
import { motoMissing } from '../fixtures/cloud/moto.ts';
import { startTestAws } from '../fixtures/cloud/testAws.ts';
import { tempFolder } from '../fixtures/tempFolder.ts';
import type { Context, FaultKind, Verb } from './context.ts';
import { FACTS, missingFor } from './provider.ts';

const skip = await motoMissing();
const aws = skip === false ? await startTestAws() : undefined;
after(() => aws?.stop());

const [east, west] = ['us-east-1', 'us-west-2'] as const;
const IMAGE = 'ami-0dl0base22000000003';
const ACTIONS: Readonly<Partial<Record<Verb, string>>> = {
  list: 'DescribeInstances',
  launch: 'RunInstances',
};
const ANSWERS: Readonly<Record<FaultKind, Answer>> = {
  permission: {
    error: 'UnauthorizedOperation',
    message: 'You are not authorized to perform: ec2:DescribeInstances',
    status: 403,
  },
  capacity: { error: 'InsufficientInstanceCapacity', message: 'We do not have enough capacity.', status: 500 },
  throttled: { error: 'RequestLimitExceeded', status: 503 },
  network: { cut: 'before' },
};

const open = () => providerModule.open({ profile: null, version: '0.0.0' });

const withoutInterfaces = (body: string) =>
  body.replace(/<networkInterfaceSet>.*<\/networkInterfaceSet>/s, '<networkInterfaceSet/>');

async function contextOf(folder: string): Promise<Context> {
  assert.ok(aws !== undefined);
  await aws.reset();
  rulePrices(aws.proxy);
  ruleReserved(aws.proxy);
  const { proxy } = aws;
  // moto keeps the interface of a machine that has ended, which AWS takes away with it.
  proxy.on({ action: 'DescribeNetworkInterfaces', answer: { changeAnswer: withoutInterfaces } });
  const provider = open();
  return {
    provider,
    regions: [east, west],
    signal: AbortSignal.timeout(120_000),
    folder,
    unknown: { provider: 'aws', region: east, id: 'i-0123456789abcdef0' },
    async foreign(region, count) {
      const ec2 = createAwsClients({ profile: null, version: '0.0.0' }).of('ec2', region);
      const ask = { ImageId: IMAGE, InstanceType: 'g5.xlarge', MinCount: count, MaxCount: count } as const;
      const { Instances = [] } = await ec2.send(new RunInstancesCommand(ask));
      return Instances.map(({ InstanceId: id = '' }) => ({ provider: 'aws', region, id }));
    },
    profile: (name) =>
      launchProfileSchema.parse({
        region: east,
        instanceType: 'g5.xlarge',
        name,
        image: { id: { id: IMAGE } },
        securityGroup: { create: { name, rules: [{ port: 22, from: '203.0.113.7/32' }] } },
      }),
    async job(token) {
      writeFileSync(path.join(folder, 'train.py'), "print('hello')\n");
      return {
        token,
        region: east,
        name: 'boston',
        bundle: folder,
        program: { type: 'script', file: 'train.py', language: 'python', args: [] },
        instanceType: 'ml.g5.xlarge',
        count: 1,
        role: 'arn:aws:iam::123456789012:role/job',
        spot: null,
        maximumSeconds: 3600,
        environment: {},
      };
    },
    fault: (verb, kind, region) => proxy.on({ action: ACTIONS[verb] ?? /^$/, region, answer: ANSWERS[kind] }),
    settle: () => undefined,
    imageText: 'rstudio SERVER',
    reservedType: 'p3.2xlarge',
  };
}

for (const fact of FACTS) {
  test(`AWS: ${fact.name}`, { skip: skip || missingFor(open(), fact) }, async (t) => {
    await fact.check(await contextOf(tempFolder(t)));
    assert.deepEqual(aws?.proxy.unknown, []);
  });
}
