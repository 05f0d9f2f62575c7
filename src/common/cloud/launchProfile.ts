/** A launch profile: the file that says which machine to launch, and what the launch form fills in. */
import { z } from 'zod';
import { choice } from '../recipe/choice.ts';
import { described } from '../recipe/described.ts';

const money = z.number().positive();

const purchase = choice(
  {
    onDemand: z.strictObject({}).describe('At the list price; it is yours until you stop it.'),
    spot: z
      .strictObject({
        maximumPricePerHourUsd: money
          .optional()
          .describe('The most to pay for an hour of one machine; the on-demand price when absent.')
          .meta({ unit: 'USD', example: 0.4 }),
        interruption: described(z.enum(['terminate', 'stop', 'hibernate']), {
          terminate: 'The machine is gone.',
          stop: 'It stops, and starts again when there is room; it needs a lasting request.',
          hibernate: 'As stop, with its memory kept on the disk.',
        })
          .default('terminate')
          .describe('What happens when the provider takes the machine back.'),
        fallBackToOnDemand: z
          .boolean()
          .default(false)
          .describe('Launch at the on-demand price where no spot machine is to be had.'),
      })
      .describe('Spare machines at a lower price, which the provider may take back within two minutes.'),
  },
  'way to buy',
);

const image = choice(
  {
    parameter: z
      .strictObject({ name: z.string().startsWith('/').describe("The public parameter's name.") })
      .describe('The newest version of an image that the provider publishes under a name.'),
    id: z
      .strictObject({ id: z.string().min(1).describe("The image's id.").meta({ example: 'ami-0123456789abcdef0' }) })
      .describe('This very image.'),
    name: z
      .strictObject({
        name: z.string().min(1).describe('Its name; `*` and `?` stand for anything. The newest one is taken.'),
        owner: z
          .string()
          .min(1)
          .optional()
          .describe('`self`, `amazon`, `aws-marketplace` or an account id; anybody when absent.'),
      })
      .describe('The newest image with a name.'),
  },
  'image',
);

const volume = z.strictObject({
  device: z.string().min(1).describe("`root`, or the device's name.").meta({ example: '/dev/sdf' }),
  type: z.enum(['gp2', 'gp3', 'io1', 'io2', 'st1', 'sc1', 'standard']).default('gp3').describe('The kind of disk.'),
  sizeGb: z.int().min(1).max(65536).describe('Its size.').meta({ unit: 'GiB', example: 100 }),
  iops: z.int().min(100).optional().describe('Operations a second, where the kind of disk lets one choose.'),
  throughputMbps: z.int().min(125).optional().describe('gp3 alone.').meta({ unit: 'MiB/s' }),
  encrypted: z.boolean().default(true).describe('Whether it is encrypted.'),
  kmsKey: z.string().min(1).optional().describe("Id or ARN of the key; the account's own when absent."),
  deleteOnTermination: z.boolean().default(true).describe('Whether it goes away with the machine.'),
  snapshot: z.string().min(1).optional().describe('Filled from this snapshot.'),
});

const rule = z.strictObject({
  port: z
    .union([z.int().min(0).max(65535), z.string().regex(/^\d+-\d+$/)])
    .describe('One port, or a range.')
    .meta({ example: '8000-8010' }),
  protocol: z.enum(['tcp', 'udp', 'icmp', 'all']).default('tcp').describe('Which traffic.'),
  from: z
    .string()
    .min(1)
    .default('my-address')
    .describe('`my-address`, or addresses in CIDR form.')
    .meta({ example: '203.0.113.0/24' }),
  description: z.string().max(255).optional().describe('A note on the rule.'),
});

const securityGroup = choice(
  {
    existing: z
      .strictObject({ ids: z.array(z.string().min(1)).min(1).describe('Ids of groups.') })
      .describe('Groups that are there.'),
    create: z
      .strictObject({
        name: z.string().min(1).max(255).describe('Its name.'),
        rules: z
          .array(rule)
          .default([{ port: 22, protocol: 'tcp', from: 'my-address' }])
          .describe('What may come in. SSH from your own address when absent.'),
      })
      .describe('A new group.'),
  },
  'security group',
);

const keyPair = choice(
  {
    none: z.strictObject({}).describe('Nobody can sign in over SSH.'),
    existing: z
      .strictObject({
        name: z.string().min(1).describe('Its name at the provider.'),
        file: z.string().min(1).optional().describe("The private key's file on this computer, for connecting."),
      })
      .describe('A key pair that is there.'),
    import: z
      .strictObject({
        name: z.string().min(1).max(255).describe('Its name at the provider.'),
        publicKeyFile: z
          .string()
          .min(1)
          .describe('The public key on this computer.')
          .meta({ example: '~/.ssh/id_ed25519.pub' }),
      })
      .describe('A key of yours, given to the provider.'),
    create: z
      .strictObject({
        name: z.string().min(1).max(255).describe('Its name at the provider.'),
        keyType: z.enum(['ed25519', 'rsa']).default('ed25519').describe('The kind of key.'),
        saveTo: z
          .string()
          .min(1)
          .describe('Where the private key is saved, once, for you alone.')
          .meta({ example: '~/.ssh/skillet.pem' }),
      })
      .describe('A new key pair.'),
  },
  'key pair',
);

const guard = z.strictObject({
  deadlineHours: z
    .union([z.number().positive().max(720), z.null()])
    .default(8)
    .describe('The machine ends itself after so many hours; null for never.')
    .meta({ unit: 'hours' }),
  idleMinutes: z
    .union([z.int().min(5).max(1440), z.null()])
    .default(30)
    .describe(
      'It ends itself after so many minutes without work on card or processor and without anybody signed in; null for never.',
    )
    .meta({ unit: 'minutes' }),
  action: z.enum(['stop', 'terminate']).default('stop').describe('What ending means.'),
});

/** What each field means stands in `describe`, for the form, the reference page and the JSON Schema. */
export const launchProfileSchema = z.strictObject({
  provider: z.literal('aws').default('aws').describe('Whose machine it is.'),
  account: z
    .string()
    .min(1)
    .optional()
    .describe("The named profile of the provider's own settings; its default when absent."),
  region: z.string().min(1).describe('Where.').meta({ example: 'us-east-1' }),
  zone: z.string().min(1).optional().describe('A zone of the region; any when absent.'),
  instanceType: z.string().min(1).describe('The kind of machine.').meta({ example: 'g5.xlarge' }),
  name: z.string().min(1).max(255).optional().describe('What it is called in lists.'),
  count: z.int().min(1).max(100).default(1).describe('How many, all from one image.'),
  image: image.describe('What is on the disk.'),
  purchase: purchase.default({ type: 'onDemand' }).describe('How it is paid.'),
  fallback: z
    .strictObject({
      zones: z.boolean().default(true).describe('Try the other zones of the region.'),
      regions: z.array(z.string().min(1)).default([]).describe('Then these regions, in this order.'),
    })
    .default({ zones: true, regions: [] })
    .describe('Where else to launch when there is no capacity.'),
  network: z
    .strictObject({
      subnet: z.string().min(1).optional().describe("The subnet's id; the zone's default when absent."),
      vpc: z
        .string()
        .min(1)
        .optional()
        .describe("The network's id, for a new security group; the default one when absent."),
      publicAddress: z
        .boolean()
        .optional()
        .describe('Whether it can be reached from the internet; as the subnet has it when absent.'),
    })
    .default({})
    .describe('Which network it is in.'),
  volumes: z.array(volume).max(27).default([]).describe("Disks; the image's own when absent."),
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .default({})
    .describe('Names and values on all that is made.'),
  securityGroup: securityGroup.describe('What may come in.'),
  keyPair: keyPair.default({ type: 'none' }).describe('How to sign in over SSH.'),
  userData: z
    .string()
    .max(16384)
    .optional()
    .describe('A shell script that the machine runs once, when it first starts.'),
  userDataFile: z.string().min(1).optional().describe('The same, from a file beside the profile.'),
  role: z
    .string()
    .min(1)
    .optional()
    .describe('Name or ARN of the instance profile: what programs on the machine may do.'),
  shutdown: z.enum(['stop', 'terminate']).default('stop').describe('What a shutdown from inside the machine does.'),
  guard: guard.default({ deadlineHours: 8, idleMinutes: 30, action: 'stop' }).describe('How the machine ends itself.'),
});

export type LaunchProfile = z.output<typeof launchProfileSchema>;
export type LaunchProfileInput = z.input<typeof launchProfileSchema>;
export type ProfileVolume = LaunchProfile['volumes'][number];
export type ProfileRule = z.output<typeof rule>;
export type GuardRule = LaunchProfile['guard'];
