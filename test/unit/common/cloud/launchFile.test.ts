/** Launch profiles as text: there and back, and faults at their lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isLaunchFile, parseLaunchProfile, printLaunchProfile } from '../../../../src/common/cloud/launchFile.ts';
import { type LaunchProfileInput, launchProfileSchema } from '../../../../src/common/cloud/launchProfile.ts';

const TEXT = `region: us-east-1
instanceType: g5.xlarge
image:
  name: { name: "Deep Learning*" }
volumes:
  - device: root
    sizeGb: 100
    iops: 100
securityGroup:
  create:
    name: p2
`;

test('a fault stands at the line of its field', () => {
  const { profile, problems } = parseLaunchProfile(TEXT);
  assert.equal(profile, null);
  const [fault] = problems.filter(({ severity }) => severity !== 'warning');
  assert.deepEqual([fault?.code, fault?.path, fault?.range?.line], ['cloud-profile', 'volumes[0].iops', 8]);
});

test('an unknown key, a missing one and a wrong type are told together, with what was meant', () => {
  const { problems } = parseLaunchProfile('region: us-east-1\ninstancetype: g5.xlarge\ncount: many\n');
  const told = problems.map(({ code, path, range }) => [code, path, range?.line]);
  assert.ok(told.some(([, path, line]) => path === 'instancetype' && line === 2));
  assert.ok(told.some(([, path, line]) => path === 'count' && line === 3));
  assert.ok(problems.every(({ code }) => code === 'cloud-profile'));
  assert.match(problems.map(({ remedy }) => remedy).join(' '), /Did you mean instanceType/);
  assert.ok(!problems.some(({ message }) => message.includes('recipe')));
});

test('broken YAML, nothing at all and JSON are read too', () => {
  assert.match(parseLaunchProfile('region: [us').problems[0]?.message ?? '', /cannot be read/);
  assert.match(parseLaunchProfile('').problems[0]?.remedy ?? '', /region, instanceType, image/);
  const json = {
    region: 'us-east-1',
    instanceType: 'g5.xlarge',
    image: { id: { id: 'ami-1' } },
    securityGroup: { existing: { ids: ['sg-1'] } },
  };
  assert.equal(parseLaunchProfile(JSON.stringify(json)).profile?.instanceType, 'g5.xlarge');
});

test('warnings leave the profile there', () => {
  const { profile, problems } = parseLaunchProfile(TEXT.replace('    iops: 100\n', ''));
  assert.notEqual(profile, null);
  assert.deepEqual(
    problems.map(({ severity }) => severity),
    ['warning'],
  );
});

test('files are launch profiles by their names', () => {
  const names = ['p2.launch.yaml', 'a/p2.launch.yml', 'p2.launch.json', 'launch.yaml', 'p2.recipe.yaml'];
  assert.deepEqual(names.map(isLaunchFile), [true, true, true, false, false]);
});

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const line = fc.string({ minLength: 1, maxLength: 40 }).map((text) => text.replace(/\p{Cc}/gu, '') || 'x');
const profiles: fc.Arbitrary<LaunchProfileInput> = fc.record(
  {
    region: fc.constantFrom('us-east-1', 'eu-west-1'),
    instanceType: fc.constantFrom('g5.xlarge', 'p3.2xlarge'),
    name: line,
    count: fc.integer({ min: 1, max: 100 }),
    image: fc.oneof(
      fc.record({ id: fc.record({ id: word }) }),
      fc.record({ name: fc.record({ name: line, owner: fc.constantFrom('self', 'amazon') }) }),
      fc.record({ parameter: fc.record({ name: word.map((one) => `/${one}`) }) }),
    ),
    purchase: fc.oneof(
      fc.constant('spot' as const),
      fc.constant('onDemand' as const),
      fc.record({
        spot: fc.record(
          { maximumPricePerHourUsd: fc.double({ min: 0.01, max: 9, noNaN: true }), fallBackToOnDemand: fc.boolean() },
          { requiredKeys: [] },
        ),
      }),
    ),
    volumes: fc.array(
      fc.record({
        device: fc.constantFrom('/dev/sdf', '/dev/sdg'),
        sizeGb: fc.integer({ min: 1, max: 1000 }),
        encrypted: fc.boolean(),
      }),
      { maxLength: 1 },
    ),
    tags: fc.dictionary(word, fc.oneof(line, fc.constantFrom('yes', '1', 'null', '~', '- a', '# b', ''))),
    securityGroup: fc.oneof(
      fc.record({ existing: fc.record({ ids: fc.constant(['sg-01']) }) }),
      fc.record({ create: fc.record({ name: word, rules: fc.constant([{ port: '8000-8010', from: '10.0.0.0/8' }]) }) }),
      fc.record({ create: fc.record({ name: word, rules: fc.constant([]) }) }),
    ),
    keyPair: fc.oneof(
      fc.constant('none' as const),
      fc.record({
        create: fc.record({ name: word, saveTo: line, keyType: fc.constantFrom('rsa' as const, 'ed25519' as const) }),
      }),
    ),
    userData: fc.array(line).map((lines) => `#!/bin/sh\n${lines.join('\n')}\n`),
    guard: fc.record({ deadlineHours: fc.option(fc.integer({ min: 1, max: 100 })) }),
  },
  { requiredKeys: ['region', 'instanceType', 'image', 'securityGroup'] },
);

test('any profile that is printed reads as the same profile', () => {
  fc.assert(
    fc.property(profiles, (input) => {
      const parsed = launchProfileSchema.safeParse(input);
      fc.pre(parsed.success);
      const read = parseLaunchProfile(printLaunchProfile(parsed.data));
      const faults = read.problems.filter(({ severity }) => severity !== 'warning');
      // Those that break a rule between fields give no profile; the words are what is asked for here.
      fc.pre(faults.length === 0);
      assert.deepEqual(read.profile, parsed.data);
    }),
    { numRuns: 200 },
  );
});

test('what is printed begins with how to use it, and is as short as may be', () => {
  const profile = launchProfileSchema.parse({
    region: 'us-east-1',
    instanceType: 'g5.xlarge',
    image: { id: { id: 'ami-1' } },
    purchase: 'spot',
    securityGroup: { create: { name: 'p2' } },
  });
  const text = printLaunchProfile(profile);
  assert.match(text, /^# A Skillet launch profile: skillet launch aws --profile/);
  assert.doesNotMatch(text, /tags|volumes|network|null|type: spot/);
  assert.match(text, /purchase:\n {2}spot:\n {4}interruption: terminate\n/);
});
