/** The SDK's clients of one profile, one for each service and region, made when they are first needed. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { PricingClient } from '@aws-sdk/client-pricing';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';

const SERVICES = {
  ec2: EC2Client,
  pricing: PricingClient,
  ssm: SSMClient,
  sts: STSClient,
  sagemaker: SageMakerClient,
  s3: S3Client,
  logs: CloudWatchLogsClient,
  cloudwatch: CloudWatchClient,
  quotas: ServiceQuotasClient,
};

/**
 * In the SDK's `standard` mode. With a tenth of 400 calls throttled neither mode lost one, and `adaptive` took two to
 * four times as long (3.7 s against 9 to 16 s), as it slows down all calls for each that was refused.
 */
const MAX_ATTEMPTS = 5;
const RETRY_MODE = 'standard';

type Services = { [K in keyof typeof SERVICES]: InstanceType<(typeof SERVICES)[K]> };

export interface AwsClients {
  readonly profile: string | null;
  /** Of Skillet, for the tags of what it makes. */
  readonly version: string;
  /** @param region Pricing is asked in us-east-1, whatever is given: it lives in few regions. */
  of<K extends keyof Services>(service: K, region: string): Services[K];
  /** The same without a second attempt, for what must not be done twice and has no token against it. */
  once<K extends keyof Services>(service: K, region: string): Services[K];
  /** Answers that stay true for a while, by what was asked: prices. Shared by all verbs of the account. */
  readonly remembered: Map<string, { readonly at: number; readonly value: unknown }>;
  /** The region that the profile or the environment names; us-east-1 where none does. */
  defaultRegion(): Promise<string>;
  /** Makes new clients, which read the credentials anew. */
  forget(): void;
}

export interface AwsClientsOptions {
  readonly profile: string | null;
  readonly version: string;
}

export function createAwsClients({ profile, version }: AwsClientsOptions): AwsClients {
  const made = new Map<string, { destroy(): void }>();
  const named = profile === null ? {} : { profile };
  // Without its cache of files, which would outlive new keys in them.
  const readCredentials = () => fromNodeProviderChain({ ...named, ignoreCache: true });
  let credentials = readCredentials();
  const clientOf = <K extends keyof Services>(service: K, region: string, maxAttempts: number): Services[K] => {
    const place = service === 'pricing' ? 'us-east-1' : region;
    const key = `${service} ${place} ${maxAttempts}`;
    const known = made.get(key) as Services[K] | undefined;
    if (known !== undefined) {
      return known;
    }
    const client = new SERVICES[service]({
      region: place,
      credentials,
      maxAttempts,
      retryMode: RETRY_MODE,
      ...named,
    }) as Services[K];
    made.set(key, client);
    return client;
  };
  const forget = () => {
    credentials = readCredentials();
    made.clear(); // Not destroyed: requests may be under way.
  };
  return {
    profile,
    version,
    remembered: new Map(),
    forget,
    of: (service, region) => clientOf(service, region, MAX_ATTEMPTS),
    once: (service, region) => clientOf(service, region, 1),
    defaultRegion: () => readDefaultRegion(named),
  };
}

async function readDefaultRegion(named: { readonly profile?: string }): Promise<string> {
  const client = new STSClient({ ...named });
  try {
    return await client.config.region();
  } catch {
    return 'us-east-1'; // No region is named anywhere.
  } finally {
    client.destroy();
  }
}
