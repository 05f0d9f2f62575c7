/** The planted secret key, looked for in all that the verbs of AWS throw, print and give. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { providerModule } from '../../../../src/cloud/aws/aws.ts';
import type { Provider } from '../../../../src/cloud/provider.ts';
import { SkilletError } from '../../../../src/common/errors.ts';
import { rulePrices, ruleReserved } from '../../../fixtures/cloud/awsPrices.ts';
import type { Answer } from '../../../fixtures/cloud/awsProxy.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { SECRET, startTestAws } from '../../../fixtures/cloud/testAws.ts';

const skip = await motoMissing();
const aws = skip === false ? await startTestAws() : undefined;
after(() => aws?.stop());

const region = 'us-east-1';
const signal = () => AbortSignal.timeout(60_000);

async function drain(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const one of stream) {
    found.push(one);
  }
  return found;
}

/** Every verb that only asks. */
const VERBS: Readonly<Record<string, (provider: Provider) => Promise<unknown>>> = {
  identity: (provider) => provider.identity(signal()),
  regions: (provider) => provider.regions(signal()),
  offers: (provider) => drain(provider.offers({ regions: [region], instanceType: 'g5.xlarge' }, signal())),
  images: (provider) => provider.images({ region, text: 'deep' }, signal()),
  networks: (provider) => provider.networks(region, signal()),
  securityGroups: (provider) => provider.securityGroups(region, signal()),
  keyPairs: (provider) => provider.keyPairs(region, signal()),
  reservations: (provider) => provider.reservations(region, signal()),
  reservedOfferings: (provider) => provider.reservedOfferings({ region, instanceType: 'g5.xlarge' }, signal()),
};

const ANSWERS: readonly (Answer | null)[] = [
  null,
  { error: 'AuthFailure', message: `bad key ${SECRET}`, status: 401 },
  { error: 'ExpiredToken', status: 403 },
  { error: 'SignatureDoesNotMatch', message: `AWS4${SECRET} AKIATESTDEFAULT00000`, status: 403 },
  {
    error: 'AccessDenied',
    message: `not authorized to perform: ec2:X. Encoded authorization failure message: ${SECRET}`,
  },
  { error: 'InvalidParameterValue', message: `the value ${SECRET} is wrong` },
  { body: `<html>${SECRET}</html>`, status: 400 },
];

test('what the verbs give, throw and print never holds the secret key', { skip }, async (t) => {
  assert.ok(aws !== undefined);
  const printed: string[] = [];
  for (const method of ['log', 'error', 'warn', 'info', 'debug'] as const) {
    t.mock.method(console, method, (...args: unknown[]) => void printed.push(inspect(args, { depth: 12 })));
  }
  const said: string[] = [];
  const foreign: string[] = [];
  for (const answer of ANSWERS) {
    aws.proxy.reset();
    rulePrices(aws.proxy);
    ruleReserved(aws.proxy);
    if (answer !== null) {
      aws.proxy.on({ action: /./, answer });
    }
    const provider = providerModule.open({ profile: null, version: '0.0.0' });
    for (const [verb, ask] of Object.entries(VERBS)) {
      try {
        said.push(inspect(await ask(provider), { depth: 12 }));
      } catch (error) {
        said.push(inspect(error, { depth: 12, showHidden: true }), JSON.stringify(error));
        if (!(error instanceof SkilletError)) {
          foreign.push(`${verb}: ${error}`);
        }
      }
    }
  }
  const isSecret = (text: string) => text.includes(SECRET) || text.includes('wJalrPLANTED');
  assert.deepEqual([said.filter(isSecret), printed.filter(isSecret), foreign], [[], [], []]);
  assert.ok(said.length > ANSWERS.length * Object.keys(VERBS).length);
});
