/** The key pair of a launch: there already, imported, or made with its private key saved once. */
import {
  CreateKeyPairCommand,
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  ImportKeyPairCommand,
} from '@aws-sdk/client-ec2';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import { hasText, localFile, removeKeyFile, reserveKeyFile, writeKeyFile } from './launchFiles.ts';
import { isNamed } from './launchGroup.ts';
import type { Ledger, Making } from './launchLedger.ts';
import { type LaunchContext, launchFilter, plainTags } from './launchParts.ts';

export interface LaunchKey {
  readonly name: string | null;
  /** Where the private key was saved; null where none was made. */
  readonly file: string | null;
}

export interface KeyPlace {
  readonly region: string;
  /** Where relative names begin. */
  readonly folder: string;
  /** Of an import; read beforehand. */
  readonly publicKey: string | null;
  readonly ledger: Ledger;
}

type NewKey = Extract<LaunchProfile['keyPair'], { type: 'create' }>;

export async function makeKey(context: LaunchContext, place: KeyPlace): Promise<LaunchKey> {
  const { keyPair } = context.profile;
  if (keyPair.type === 'none' || keyPair.type === 'existing') {
    return { name: keyPair.type === 'none' ? null : keyPair.name, file: null };
  }
  if (keyPair.type === 'import') {
    await place.ledger.make(makingImport(context, { ...place, name: keyPair.name }));
    return { name: keyPair.name, file: null };
  }
  return createKey(context, keyPair, place);
}

async function createKey(context: LaunchContext, keyPair: NewKey, place: KeyPlace): Promise<LaunchKey> {
  const file = localFile(keyPair.saveTo, place.folder);
  const [ours] = (await findOurs(context, place.region, context.signal)).filter((name) => name === keyPair.name);
  const isWhole = ours !== undefined && (await hasText(file));
  const keyFile: Making<string> = {
    kind: 'keyFile',
    region: place.region,
    name: file,
    idsOf: (made) => [made],
    find: async () => [],
    // Both are there of an earlier try of the same launch.
    create: () => (isWhole ? Promise.resolve(file) : reserveKeyFile(file).then(() => file)),
    remove: removeKeyFile,
  };
  await place.ledger.make(keyFile);
  const material = await place.ledger.make(makingKey(context, keyPair, { region: place.region, isWhole }));
  if (material !== null) {
    await writeKeyFile(file, material);
  }
  return { name: keyPair.name, file };
}

/** Makes the private key's text; null where it is saved already. */
function makingKey(
  context: LaunchContext,
  { name, keyType }: NewKey,
  { region, isWhole }: { readonly region: string; readonly isWhole: boolean },
): Making<string | null> {
  const client = context.clients.of('ec2', region);
  const ask = async (): Promise<string> => {
    const command = new CreateKeyPairCommand({
      KeyName: name,
      KeyType: keyType,
      KeyFormat: 'pem',
      TagSpecifications: [{ ResourceType: 'key-pair', Tags: plainTags(context) }],
    });
    return (await client.send(command, { abortSignal: context.signal })).KeyMaterial ?? '';
  };
  return {
    ...keyRemoval(context, region),
    name,
    idsOf: () => [name],
    async create() {
      if (isWhole) {
        return null;
      }
      try {
        return await ask();
      } catch (error) {
        const ours = isNamed(error, 'InvalidKeyPair.Duplicate') ? await findOurs(context, region, context.signal) : [];
        if (!ours.includes(name)) {
          throw error;
        }
        // The answer to an earlier try was lost, and the private key with it: AWS tells it once.
        await client.send(new DeleteKeyPairCommand({ KeyName: name }), { abortSignal: context.signal });
        return ask();
      }
    },
  };
}

function makingImport(context: LaunchContext, place: KeyPlace & { readonly name: string }): Making<string> {
  const { region, name, publicKey } = place;
  return {
    ...keyRemoval(context, region),
    name,
    idsOf: () => [name],
    async create() {
      try {
        await context.clients.of('ec2', region).send(
          new ImportKeyPairCommand({
            KeyName: name,
            PublicKeyMaterial: Buffer.from(publicKey ?? '', 'utf8'),
            TagSpecifications: [{ ResourceType: 'key-pair', Tags: plainTags(context) }],
          }),
          { abortSignal: context.signal },
        );
      } catch (error) {
        const ours = isNamed(error, 'InvalidKeyPair.Duplicate') ? await findOurs(context, region, context.signal) : [];
        if (!ours.includes(name)) {
          throw error;
        }
      }
      return name;
    },
  };
}

/** How key pairs of a launch are found and removed. */
export function keyRemoval(
  context: LaunchContext,
  region: string,
): Pick<Making<never>, 'kind' | 'region' | 'find' | 'remove'> {
  return {
    kind: 'keyPair',
    region,
    find: (signal) => findOurs(context, region, signal),
    async remove(name, abortSignal) {
      // AWS is content when there is none.
      await context.clients.of('ec2', region).send(new DeleteKeyPairCommand({ KeyName: name }), { abortSignal });
    },
  };
}

async function findOurs(context: LaunchContext, region: string, abortSignal: AbortSignal): Promise<readonly string[]> {
  const command = new DescribeKeyPairsCommand({ Filters: [launchFilter(context.token)] });
  const answer = await context.clients.of('ec2', region).send(command, { abortSignal });
  return (answer.KeyPairs ?? []).flatMap(({ KeyName }) => KeyName ?? []);
}
