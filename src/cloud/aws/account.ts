/** Whose account it is, its regions, and the ways in that AWS's own files name. */
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { Identity, ProfileChoice, Region } from '../../common/cloud/account.ts';
import type { AccountVerbs } from '../provider.ts';
import type { AwsClients } from './awsClients.ts';
import { toCloudError } from './awsErrors.ts';
import { regionTitle } from './regionTitles.ts';

export function createAccountVerbs(clients: AwsClients): AccountVerbs {
  const { profile } = clients;
  const path = profile ?? 'aws';
  return {
    async identity(signal) {
      try {
        const sts = clients.of('sts', await clients.defaultRegion());
        const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
        return { provider: 'aws', profile, accountId: Account, who: Arn } satisfies Identity;
      } catch (error) {
        throw toCloudError(error, path, { profile, operation: 'sts:GetCallerIdentity' });
      }
    },
    async regions(signal) {
      try {
        const ec2 = clients.of('ec2', await clients.defaultRegion());
        const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({ AllRegions: false }), {
          abortSignal: signal,
        });
        return Regions.flatMap(({ RegionName: name }): Region[] =>
          name === undefined ? [] : [{ name, title: regionTitle(name) }],
        ).sort((a, b) => a.name.localeCompare(b.name, 'en'));
      } catch (error) {
        throw toCloudError(error, path, { profile, operation: 'ec2:DescribeRegions' });
      }
    },
    defaultRegion: () => clients.defaultRegion(),
    forgetCredentials: () => clients.forget(),
  };
}

/** What a profile's section may say that matters here. */
type Section = Readonly<Record<string, string | undefined>>;

/** Reads the files anew each time: people edit them while Skillet runs. */
export async function listProfiles(): Promise<readonly ProfileChoice[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  const sections = new Map<string, Section>();
  for (const file of [configFile, credentialsFile]) {
    for (const [name, section] of Object.entries(file).filter(([one]) => !/^(sso-session|services)\./.test(one))) {
      sections.set(name, { ...sections.get(name), ...section });
    }
  }
  const profiles = [...sections].flatMap(([name, section]): ProfileChoice[] => {
    const how = howItSignsIn(section);
    return how === null
      ? []
      : [{ provider: 'aws', name, region: section.region ?? null, how, isSso: isSso(name, sections, new Set()) }];
  });
  return profiles.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en'));
}

function rank({ name }: ProfileChoice): number {
  return name === 'default' ? 0 : 1;
}

/** Null for a section that holds settings alone; the order is the SDK's own. */
function howItSignsIn(section: Section): string | null {
  if (section.role_arn !== undefined) {
    if (section.web_identity_token_file !== undefined) {
      return `role ${section.role_arn} by web identity`;
    }
    return `role ${section.role_arn} through ${section.source_profile ?? section.credential_source ?? 'nothing'}`;
  }
  if (section.aws_access_key_id !== undefined) {
    return section.aws_session_token === undefined ? 'access key' : 'access key of a session';
  }
  if (section.sso_session !== undefined) {
    return `SSO (${section.sso_session})`;
  }
  if (section.sso_start_url !== undefined) {
    return 'SSO';
  }
  if (section.login_session !== undefined) {
    return 'console sign-in';
  }
  return section.credential_process === undefined ? null : 'a program (credential_process)';
}

/** A role is renewed as its source is. */
function isSso(name: string, sections: ReadonlyMap<string, Section>, seen: Set<string>): boolean {
  const section = sections.get(name);
  if (section === undefined || seen.has(name)) {
    return false;
  }
  seen.add(name);
  if (section.role_arn !== undefined) {
    return section.source_profile !== undefined && isSso(section.source_profile, sections, seen);
  }
  return section.aws_access_key_id === undefined && (section.sso_session ?? section.sso_start_url) !== undefined;
}
