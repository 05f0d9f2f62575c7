/** Images by name and by AWS's public parameters; networks and groups of the account. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { providerModule } from '../../../../src/cloud/aws/aws.ts';
import { createAwsClients } from '../../../../src/cloud/aws/awsClients.ts';
import { familyOf, isImageParameter, matchesName, namePatterns, userOf } from '../../../../src/cloud/aws/imageNames.ts';
import { ec2 } from '../../../fixtures/cloud/awsPrices.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { startTestAws } from '../../../fixtures/cloud/testAws.ts';

const BOOK = 'RStudio Server with TensorFlow-GPU for AWS';
const region = 'us-east-1';

/** As AWS's filter does it: letter case counts. */
const fitsPattern = (name: string, pattern: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(name);

test("the book's image is found however its name is typed", () => {
  const typed = [
    BOOK,
    BOOK.toLowerCase(),
    BOOK.toUpperCase(),
    'rstudio',
    'tensorflow-gpu',
    'Rstudio Tensorflow',
    'rstudio server with tensorflow',
  ];
  const missed = typed.filter((text) => !namePatterns(text).some((pattern) => fitsPattern(BOOK, pattern)));
  assert.deepEqual(missed, []);
  const other = 'Rstudio Server with Tensorflow-GPU for AWS 2';
  assert.deepEqual(
    typed.slice(0, 2).filter((text) => !namePatterns(text).some((pattern) => fitsPattern(other, pattern))),
    [],
  );
  assert.ok(typed.every((text) => namePatterns(text).length <= 36));
});

test('a name fits with its words in this order, letter case aside', () => {
  assert.deepEqual(
    ['rstudio gpu', 'GPU rstudio', 'TensorFlow-G?U', 'r*aws', 'x', 'a.b'].map((text) => matchesName(BOOK, text)),
    [true, false, true, true, false, false],
  );
});

test('who signs in follows from the name', () => {
  assert.deepEqual(
    [
      userOf('Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 22.04)', ''),
      userOf('Deep Learning Base OSS Nvidia Driver GPU AMI (Amazon Linux 2023)', ''),
      userOf(BOOK, ''),
      userOf('debian-12-amd64', ''),
      userOf('CentOS 7', ''),
      userOf('Rocky-9', ''),
      userOf('bitnami-tensorflow', 'Ubuntu'),
    ],
    ['ubuntu', 'ec2-user', 'ubuntu', 'admin', 'centos', 'rocky', 'bitnami'],
  );
});

test('versions of an image are one family, and only newest versions have a parameter', () => {
  assert.equal(familyOf('Deep Learning AMI (Ubuntu 22.04) 20250610'), 'Deep Learning AMI (Ubuntu 22.04)');
  assert.ok(
    isImageParameter('/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id'),
  );
  assert.ok(!isImageParameter('/aws/service/deeplearning/ami/x86_64/base/20250101/ami-id'));
});

const skip = await motoMissing();
const aws = skip === false ? await startTestAws() : undefined;
after(async () => {
  assert.deepEqual(aws?.proxy.unknown ?? [], []);
  await aws?.stop();
});
beforeEach(() => aws?.reset());

const signal = () => AbortSignal.timeout(60_000);
const open = () => providerModule.open({ profile: null, version: '0.0.0' });
const client = () => createAwsClients({ profile: null, version: '0.0.0' }).of('ec2', region);

test('recommended images come from the parameters, on all pages, with their names', { skip }, async () => {
  const parameter = (arch: string, name: string, id: string) => ({
    Name: `/aws/service/deeplearning/ami/${arch}/${name}/latest/ami-id`,
    Value: id,
  });
  aws?.proxy.on({
    action: 'GetParametersByPath',
    answer: ({ body }) => {
      const { Path, NextToken } = JSON.parse(body) as { Path: string; NextToken?: string };
      if (Path.endsWith('arm64')) {
        return { body: { Parameters: [parameter('arm64', 'base-arm', 'ami-0arm64dl0000000006')] } };
      }
      return NextToken === undefined
        ? { body: { Parameters: [parameter('x86_64', 'base', 'ami-0dl0base22000000003')], NextToken: 'more' } }
        : {
            body: {
              Parameters: [
                parameter('x86_64', 'pytorch', 'ami-0dl0pt270000000002'),
                parameter('x86_64', 'gone', 'ami-00000000000000000'),
                { Name: '/aws/service/deeplearning/ami/x86_64/base/20240101/ami-id', Value: 'ami-1' },
              ],
            },
          };
    },
  });
  const images = await open().images({ region }, signal());
  assert.deepEqual(
    images.map((one) => [one.parameter?.split('/')[6], one.architecture, one.user, one.source]),
    [
      ['pytorch', 'x86_64', 'ubuntu', 'recommended'],
      ['base-arm', 'arm64', 'ubuntu', 'recommended'],
      ['base', 'x86_64', 'ubuntu', 'recommended'],
    ],
  );
});

test('without the right to list parameters, known ones are asked for by name', { skip }, async () => {
  aws?.proxy.on({ action: 'GetParametersByPath', answer: { error: 'AccessDeniedException' } });
  aws?.proxy.on({
    action: 'GetParameters',
    answer: ({ body }) => {
      const { Names } = JSON.parse(body) as { Names: string[] };
      assert.ok(Names.length <= 10);
      return {
        body: { Parameters: [{ Name: Names[0], Value: 'ami-0dl0base22000000003' }], InvalidParameters: Names.slice(1) },
      };
    },
  });
  const [one] = await open().images({ region }, signal());
  assert.equal(
    one?.parameter,
    '/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id',
  );
});

test('without any parameter the newest of each family of AWS is recommended', { skip }, async () => {
  const images = await open().images({ region }, signal());
  assert.ok(
    images.length >= 5 && images.every((one) => one.parameter === null && one.name.startsWith('Deep Learning')),
  );
});

test("the book's image is found among all, and AWS is asked once for all spellings", { skip }, async () => {
  const [found, ...more] = await open().images({ region, text: 'rstudio SERVER' }, signal());
  assert.deepEqual([found?.name, found?.user, more], [BOOK, 'ubuntu', []]);
  const [request] = aws?.proxy.requestsOf('DescribeImages') ?? [];
  assert.equal(
    Object.keys(request?.params ?? {}).some((name) => name.startsWith('Owner')),
    false,
  );
});

test("own images are told from others', and the Marketplace is asked by its owner", { skip }, async () => {
  await client().send(
    new RegisterImageCommand({ Name: 'my tensorflow', Architecture: 'x86_64', RootDeviceName: '/dev/xvda' }),
  );
  const own = await open().images({ region, from: 'own' }, signal());
  assert.deepEqual(
    own.map(({ name, source }) => [name, source]),
    [['my tensorflow', 'own']],
  );
  const any = await open().images({ region, text: 'my Tensorflow' }, signal());
  assert.deepEqual(
    any.map(({ name, source }) => [name, source]),
    [['my tensorflow', 'own']],
  );
  aws?.proxy.reset();
  await open().images({ region, from: 'marketplace', text: 'rstudio' }, signal());
  const [request] = aws?.proxy.requestsOf('DescribeImages') ?? [];
  assert.equal(request?.params['Owner.1'], 'aws-marketplace');
});

test('an image of the Marketplace has its size, its end and its mark', { skip }, async () => {
  aws?.proxy.on({
    action: 'DescribeImages',
    answer: {
      body: ec2(
        'DescribeImagesResponse',
        `<imagesSet><item><imageId>ami-1</imageId><name>${BOOK}</name><architecture>x86_64</architecture><imageOwnerAlias>aws-marketplace</imageOwnerAlias><creationDate>2019-02-11T00:00:00.000Z</creationDate><deprecationTime>2021-02-11T00:00:00.000Z</deprecationTime><rootDeviceName>/dev/sda1</rootDeviceName><productCodes><item><productCode>abc</productCode><type>marketplace</type></item></productCodes><blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><volumeSize>40</volumeSize></ebs></item></blockDeviceMapping></item></imagesSet>`,
      ),
    },
  });
  const [one] = await open().images({ region, text: 'rstudio', from: 'marketplace' }, signal());
  assert.deepEqual(
    [one?.isMarketplace, one?.rootSizeGb, one?.rootDevice, one?.deprecatedAt, one?.source],
    [true, 40, '/dev/sda1', '2021-02-11T00:00:00.000Z', 'marketplace'],
  );
});

test('a subnet is public by the way out of its own route table, else of the main one', { skip }, async () => {
  const subnet = (id: string, gives: boolean) =>
    `<item><subnetId>${id}</subnetId><vpcId>vpc-1</vpcId><availabilityZone>us-east-1a</availabilityZone><cidrBlock>10.0.0.0/24</cidrBlock><availableIpAddressCount>250</availableIpAddressCount><mapPublicIpOnLaunch>${gives}</mapPublicIpOnLaunch></item>`;
  const rules: Record<string, string> = {
    DescribeVpcs:
      '<vpcSet><item><vpcId>vpc-1</vpcId><cidrBlock>10.0.0.0/16</cidrBlock><isDefault>false</isDefault><tagSet><item><key>Name</key><value>lab</value></item></tagSet></item></vpcSet>',
    DescribeSubnets: `<subnetSet>${subnet('subnet-main', false)}${subnet('subnet-own', true)}</subnetSet>`,
    DescribeRouteTables:
      '<routeTableSet><item><vpcId>vpc-1</vpcId><routeSet><item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-1</gatewayId></item></routeSet><associationSet><item><main>true</main></item></associationSet></item><item><vpcId>vpc-1</vpcId><routeSet><item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>nat-1</natGatewayId></item></routeSet><associationSet><item><subnetId>subnet-own</subnetId><main>false</main></item></associationSet></item></routeTableSet>',
  };
  for (const [action, inner] of Object.entries(rules)) {
    aws?.proxy.on({ action, answer: { body: ec2(`${action}Response`, inner) } });
  }
  const isPublic = async () => {
    const [network] = await open().networks(region, signal());
    assert.equal(network?.name, 'lab');
    return network?.subnets.map((one) => [one.id, one.isPublic]);
  };
  assert.deepEqual(await isPublic(), [
    ['subnet-main', true],
    ['subnet-own', false],
  ]);
  aws?.proxy.on({ action: 'DescribeRouteTables', answer: { error: 'UnauthorizedOperation', status: 403 } });
  assert.deepEqual(await isPublic(), [
    ['subnet-main', false],
    ['subnet-own', true],
  ]);
});

test('groups have their rules, keys their kind', { skip }, async () => {
  const { GroupId = '' } = await client().send(
    new CreateSecurityGroupCommand({ GroupName: 'p2', Description: 'for p2' }),
  );
  await client().send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '203.0.113.7/32', Description: 'me' }] },
        { IpProtocol: 'udp', FromPort: 8000, ToPort: 8010, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
        { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] },
      ],
    }),
  );
  await client().send(new CreateKeyPairCommand({ KeyName: 'laptop', KeyType: 'ed25519' }));
  const group = (await open().securityGroups(region, signal())).find(({ id }) => id === GroupId);
  assert.deepEqual(group?.rules, [
    { port: 22, protocol: 'tcp', from: '203.0.113.7/32', description: 'me' },
    { port: '8000-8010', protocol: 'udp', from: '10.0.0.0/8' },
    { port: '0-65535', protocol: 'all', from: GroupId },
  ]);
  assert.deepEqual(
    (await open().keyPairs(region, signal())).map(({ name, type }) => [name, type]),
    [['laptop', 'ed25519']],
  );
  assert.deepEqual(await open().roles(signal()), []);
});
