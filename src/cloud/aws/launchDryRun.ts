/** Asks AWS whether it would do each call of a launch, without doing any. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  ImportKeyPairCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import type { DryRun } from '../../common/cloud/launchRecord.ts';
import { combineUserData } from '../../common/cloud/userData.ts';
import { SkilletError } from '../../common/errors.ts';
import { toCloudError } from './awsErrors.ts';
import { isNamed, type NewGroup, toPermission } from './launchGroup.ts';
import type { LaunchImage } from './launchImage.ts';
import { LAUNCH_PACE, launchTags, plainTags } from './launchParts.ts';
import { runRequest } from './launchRequest.ts';
import type { ReviewContext } from './launchReview.ts';
import type { LaunchZone } from './launchZones.ts';

interface DryRunFacts {
  readonly image: LaunchImage;
  readonly zones: readonly LaunchZone[];
  readonly userData: string;
}

type NewKey = Extract<LaunchProfile['keyPair'], { type: 'create' | 'import' }>;
type Answer = DryRun['answers'][number];

export async function askDryRun(context: ReviewContext, facts: DryRunFacts): Promise<DryRun> {
  const answers: Answer[] = [];
  for (const question of questions(context, facts)) {
    answers.push(await answerOf(question));
    context.signal.throwIfAborted();
  }
  return { isAllowed: answers.every(({ isAllowed }) => isAllowed), answers };
}

interface Question {
  readonly what: string;
  readonly operation: string;
  readonly ask: () => Promise<unknown>;
}

function questions(context: ReviewContext, facts: DryRunFacts): Question[] {
  const { securityGroup, keyPair } = context.profile;
  return [
    ...(securityGroup.type === 'create' ? groupQuestions(context, securityGroup, facts.zones[0]?.vpc ?? '') : []),
    ...(keyPair.type === 'create' || keyPair.type === 'import' ? [keyQuestion(context, keyPair)] : []),
    machineQuestion(context, facts),
  ];
}

const tagged = (context: ReviewContext) => ({ ...context, token: 'dry-run', pace: LAUNCH_PACE });

function groupQuestions(context: ReviewContext, group: NewGroup, vpc: string): Question[] {
  const { clients, profile, signal } = context;
  const client = clients.of('ec2', profile.region);
  const creation = new CreateSecurityGroupCommand({
    DryRun: true,
    GroupName: group.name,
    Description: 'Made by Skillet for a launch',
    VpcId: vpc,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: plainTags(tagged(context)) }],
  });
  const opening = async () =>
    new AuthorizeSecurityGroupIngressCommand({
      DryRun: true,
      GroupId: await defaultGroup(context, vpc),
      // Permission does not depend on the addresses; one that nobody has stands for the caller's own.
      IpPermissions: group.rules.map((rule) => toPermission(rule, '192.0.2.1/32')),
    });
  const ports: Question = {
    what: "Opening its ports (asked of the network's default group, as the new one is not there yet)",
    operation: 'ec2:AuthorizeSecurityGroupIngress',
    ask: async () => client.send(await opening(), { abortSignal: signal }),
  };
  return [
    {
      what: `Making security group ${group.name}`,
      operation: 'ec2:CreateSecurityGroup',
      ask: () => client.send(creation, { abortSignal: signal }),
    },
    ...(group.rules.length === 0 ? [] : [ports]),
  ];
}

async function defaultGroup({ clients, profile, signal }: ReviewContext, vpc: string): Promise<string> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpc] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const command = new DescribeSecurityGroupsCommand({ Filters });
  const answer = await clients.of('ec2', profile.region).send(command, { abortSignal: signal });
  return answer.SecurityGroups?.[0]?.GroupId ?? '';
}

function keyQuestion(context: ReviewContext, key: NewKey): Question {
  const { clients, profile, signal } = context;
  const client = clients.of('ec2', profile.region);
  const about = {
    DryRun: true,
    KeyName: key.name,
    TagSpecifications: [{ ResourceType: 'key-pair' as const, Tags: plainTags(tagged(context)) }],
  };
  return key.type === 'create'
    ? {
        what: `Making key pair ${key.name}`,
        operation: 'ec2:CreateKeyPair',
        ask: () => client.send(new CreateKeyPairCommand({ ...about, KeyType: key.keyType }), { abortSignal: signal }),
      }
    : {
        what: `Importing key pair ${key.name}`,
        operation: 'ec2:ImportKeyPair',
        ask: () =>
          client.send(new ImportKeyPairCommand({ ...about, PublicKeyMaterial: Buffer.from(PUBLIC_KEY) }), {
            abortSignal: signal,
          }),
      };
}

/** Whose key it is matters to nobody here; it only has to be one. */
const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA dry-run';

function machineQuestion(context: ReviewContext, { image, zones, userData }: DryRunFacts): Question {
  const { clients, profile, signal } = context;
  const { securityGroup, keyPair } = profile;
  const isNewKey = keyPair.type === 'create' || keyPair.type === 'import';
  const absent = [...(securityGroup.type === 'create' ? ['group'] : []), ...(isNewKey ? ['key pair'] : [])];
  const without = absent.length === 0 ? '' : `, without its new ${absent.join(' and ')}, not there yet`;
  const { ClientToken: _none, ...input } = runRequest({
    profile,
    purchase: profile.purchase.type === 'spot' ? 'spot' : 'onDemand',
    image,
    subnet: zones[0]?.subnet ?? '',
    groupIds: securityGroup.type === 'create' ? [] : securityGroup.ids,
    keyName: keyPair.type === 'existing' ? keyPair.name : null,
    userData: combineUserData(profile, userData),
    tags: launchTags(tagged(context), new Date()),
    clientToken: '',
  });
  return {
    what: `Launching ${profile.count} × ${profile.instanceType}${without}`,
    operation: 'ec2:RunInstances',
    ask: () =>
      clients
        .of('ec2', profile.region)
        .send(new RunInstancesCommand({ ...input, DryRun: true }), { abortSignal: signal }),
  };
}

/** AWS says yes by an error of its own. */
async function answerOf({ what, operation, ask }: Question): Promise<Answer> {
  try {
    await ask();
  } catch (error) {
    if (!isNamed(error, 'DryRunOperation')) {
      const told = toCloudError(error, what, { operation });
      if (!(told instanceof SkilletError)) {
        throw told;
      }
      return { what, isAllowed: false, message: `${told.message} ${told.remedy}` };
    }
  }
  return { what, isAllowed: true, message: 'AWS would do it.' };
}
