/** What AWS's error codes mean, as one table: our code for each, and what to do about it. */
import type { ErrorCode } from '../../common/errorCodes.ts';

/** A fault in words for a person. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
}

/** What is known when an error is put into words. */
export interface FaultFacts {
  /** AWS's own code: `VcpuLimitExceeded`. */
  readonly awsCode: string;
  /** AWS's own words, with nothing secret in them. */
  readonly said: string;
  /** Null for the default chain. */
  readonly profile: string | null;
}

interface Row {
  readonly pattern: RegExp;
  /** What AWS's words must have besides, where one code means several things. */
  readonly says?: RegExp;
  readonly code: ErrorCode;
  /** Absent: AWS's own words. */
  readonly message?: (facts: FaultFacts) => string;
  readonly remedy: string | ((facts: FaultFacts) => string);
}

const QUOTAS_URL = 'https://console.aws.amazon.com/servicequotas/home/services/ec2/quotas';

function signInRemedy(profile: string | null): string {
  const named = profile === null ? '' : ` --profile ${profile}`;
  return `Sign in again (\`aws sso login${named}\`), or put new keys into the profile (\`aws configure${named}\`); then try again.`;
}

const withKeys = ({ profile }: FaultFacts) =>
  `${profile === null ? 'The default credentials' : `The credentials of profile ${profile}`}`;

/** The first row that fits is taken. */
const ROWS: readonly Row[] = [
  {
    pattern: /^AuthFailure$/,
    says: /not authorized for images/i,
    code: 'cloud-image',
    message: ({ said }) => `The image is not for this account: ${said}`,
    remedy: 'Choose another image, or ask its owner to share it with the account.',
  },
  {
    pattern: /^AuthFailure\.ServiceLinkedRole/,
    code: 'cloud-permission',
    message: () => 'The account may not use iam:CreateServiceLinkedRole, which its first spot machine needs.',
    remedy:
      'Ask whoever looks after the account for it, or to run `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com` once.',
  },
  {
    pattern: /^OptInRequired$/,
    says: /not subscribed to this service|region/i,
    code: 'cloud-permission',
    message: () => 'The account is not signed up for that service, or for that region (OptInRequired).',
    remedy: 'Enable the region at https://console.aws.amazon.com/billing/home#/account, or choose another one.',
  },
  {
    pattern: /^(PendingVerification|Blocked)$/,
    code: 'cloud-quota',
    remedy: 'AWS looks into the account first: wait for its mail, or ask AWS Support.',
  },
  {
    pattern: /^InsufficientFreeAddressesInSubnet$/,
    code: 'cloud-capacity',
    message: () => 'The subnet has no free addresses left (InsufficientFreeAddressesInSubnet).',
    remedy: 'Choose another subnet or zone.',
  },
  {
    pattern: /^OperationNotPermitted$/,
    code: 'cloud-state',
    remedy: 'Where it is protected, switch its protection off in the AWS console; then try again.',
  },
  {
    pattern: /^UnsupportedOperation$/,
    code: 'cloud-state',
    remedy: 'AWS does not do that with this kind of machine or purchase; terminate it instead, or choose another kind.',
  },
  {
    pattern:
      /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired|UnauthorizedSSOTokenError|UnauthorizedException)$/,
    code: 'cloud-credentials',
    message: (facts) => `${withKeys(facts)} have expired.`,
    remedy: ({ profile }) => signInRemedy(profile),
  },
  {
    pattern:
      /^(AuthFailure|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException|InvalidToken|InvalidIdentityToken|MissingAuthenticationToken|MissingAuthenticationTokenException|IncompleteSignature|IncompleteSignatureException|InvalidSecurity|NotSignedUp)$/,
    code: 'cloud-credentials',
    message: (facts) => `${withKeys(facts)} are refused by AWS (${facts.awsCode}).`,
    remedy: ({ profile }) => signInRemedy(profile),
  },
  {
    pattern: /^(RequestExpired|RequestTimeTooSkewed|RequestInTheFuture)$/,
    code: 'cloud-clock',
    message: () => "AWS refuses the request because this computer's clock is wrong.",
    remedy: "Set this computer's date, time and time zone, best from a time server; then try again.",
  },
  {
    pattern: /^(SignatureDoesNotMatch|InvalidSignatureException)$/,
    code: 'cloud-credentials',
    message: (facts) => `${withKeys(facts)} are refused by AWS: the secret key does not belong to the access key.`,
    remedy: ({ profile }) => signInRemedy(profile),
  },
  {
    pattern: /^(VcpuLimitExceeded|InstanceLimitExceeded)$/,
    code: 'cloud-quota',
    remedy: `Ask for more vCPUs of this kind of machine (${QUOTAS_URL}), or choose a smaller type or another region.`,
  },
  {
    pattern: /^MaxSpotInstanceCountExceeded$/,
    code: 'cloud-quota',
    message: () =>
      'The account may not have so many spot machines of this kind at once (MaxSpotInstanceCountExceeded).',
    remedy: `Ask for more vCPUs of spot machines (${QUOTAS_URL}), end one, or launch on demand.`,
  },
  {
    pattern:
      /^(ResourceLimitExceeded|QuotaExceededException|ServiceQuotaExceededException|LimitExceededException|LimitExceeded|\w+LimitExceeded|TooManyBuckets)$/,
    code: 'cloud-quota',
    remedy:
      'Ask for more at https://console.aws.amazon.com/servicequotas/home, or remove what is not needed (skillet sweep).',
  },
  {
    pattern: /^(Insufficient\w*Capacity|CapacityError|ServerlessCapacityExceeded)$/,
    code: 'cloud-capacity',
    message: ({ said }) => `AWS has no such machine there now: ${said}`,
    remedy: 'Choose another zone, region or type, allow a fallback in the launch profile, or try again later.',
  },
  {
    pattern: /^SpotMaxPriceTooLow$/,
    code: 'cloud-capacity',
    message: ({ said }) => `The maximum price is below the spot price now: ${said}`,
    remedy: 'Raise the maximum price or leave it out, or launch on demand.',
  },
  {
    pattern: /^Unsupported$/,
    code: 'cloud-capacity',
    message: ({ said }) => `AWS has no such machine there: ${said}`,
    remedy: 'Choose another zone or region; skillet offers names the zones that have the type.',
  },
  {
    pattern: /^OptInRequired$/,
    code: 'cloud-image',
    message: () => "The terms of this image's seller have not been accepted by the account (OptInRequired).",
    remedy: ({ said }) =>
      `Accept them at ${/https?:\/\/[^\s"'<>]*[^\s"'<>.,)]/.exec(said)?.[0] ?? 'https://aws.amazon.com/marketplace'}, then launch again.`,
  },
  {
    pattern: /^(InvalidAMIID\.\w+|InvalidAMI\.\w+|UnavailableAMI|ImageNotFound\w*)$/,
    code: 'cloud-image',
    remedy: 'Choose an image of the same region, which this account may use; skillet images lists them.',
  },
  {
    pattern:
      /(\.Duplicate|AlreadyExists(Exception)?|BucketAlreadyOwnedByYou|ResourceInUse|AlreadyAssociated|DuplicateRequest)$/,
    code: 'cloud-name-taken',
    remedy: 'Choose another name, or use the one that is there.',
  },
  {
    pattern:
      /^(RequestLimitExceeded|Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|TooManyRequestsException|PriorRequestNotComplete|BandwidthLimitExceeded|SlowDown|TransactionInProgressException|EC2ThrottledException|ProvisionedThroughputExceededException)$/,
    code: 'cloud-throttled',
    message: ({ awsCode }) =>
      `AWS is asked too often by this account (${awsCode}), even after waiting and trying again.`,
    remedy: 'Wait a minute and try again; other programs of the account may ask at the same time.',
  },
  {
    pattern: /(\.NotFound|NotFoundException|^NoSuch\w+|^ParameterNotFound|^ResourceNotFound|^Invalid\w*\.Malformed)$/,
    code: 'cloud-not-found',
    remedy: 'It may have been removed, or be in another region; refresh the list.',
  },
  {
    pattern:
      /^(Incorrect\w*State|InvalidState\w*|InvalidInstanceState|VolumeInUse|DependencyViolation|\w+\.InUse|ResourceInUse\w*|ConflictException)$/,
    code: 'cloud-state',
    remedy: 'Wait until it has reached its next state, or free it from what uses it, and try again.',
  },
  {
    pattern:
      /^(InternalError|InternalFailure|InternalServerError|InternalServerException|InternalServiceError|ServiceUnavailable|ServiceUnavailableException|Unavailable|ServerInternal|503)$/,
    code: 'cloud-unavailable',
    message: ({ awsCode }) => `AWS has a fault of its own now (${awsCode}).`,
    remedy: 'Try again in a few minutes; https://health.aws.amazon.com tells what AWS knows.',
  },
];

/** Puts an error code of AWS into our words; null for one that no row knows. */
export function faultOfAwsCode(facts: FaultFacts): Fault | null {
  // Throttling before quotas: RequestLimitExceeded ends as quotas do.
  const rows = ROWS.filter(({ pattern, says }) => pattern.test(facts.awsCode) && (says?.test(facts.said) ?? true));
  const row = rows.find(({ code }) => code === 'cloud-throttled') ?? rows[0];
  if (row === undefined) {
    return null;
  }
  return {
    code: row.code,
    message: row.message?.(facts) ?? `${facts.said} (${facts.awsCode})`,
    remedy: typeof row.remedy === 'string' ? row.remedy : row.remedy(facts),
  };
}

/** What AWS says later of a machine that it has ended or never started, in words of the same kind. */
const REASONS: Readonly<Record<string, Fault>> = {
  'Server.SpotInstanceTermination': {
    code: 'cloud-capacity',
    message:
      'AWS took the spot machine back: its price rose, or AWS needs the machine (Server.SpotInstanceTermination).',
    remedy: 'Launch again, perhaps in another zone or on demand; the newest checkpoint can be resumed.',
  },
  'Server.SpotInstanceShutdown': {
    code: 'cloud-capacity',
    message: 'AWS stopped the spot machine: its price rose, or AWS needs the machine (Server.SpotInstanceShutdown).',
    remedy: 'It starts again by itself when there is room; or launch another one on demand.',
  },
  'Server.ScheduledStop': {
    code: 'cloud-state',
    message: 'AWS stopped the machine because of a planned repair of its hardware (Server.ScheduledStop).',
    remedy: 'Start it again; it then runs on other hardware.',
  },
  'Server.InternalError': {
    code: 'cloud-unavailable',
    message: 'The machine could not start because of a fault at AWS (Server.InternalError).',
    remedy: 'Start or launch it again.',
  },
  'Client.VolumeLimitExceeded': {
    code: 'cloud-quota',
    message: 'The account may not have so much disk space, so the machine ended (Client.VolumeLimitExceeded).',
    remedy: 'Ask for more at https://console.aws.amazon.com/servicequotas/home/services/ebs/quotas, or remove disks.',
  },
  'Client.InvalidSnapshot.NotFound': {
    code: 'cloud-image',
    message: "The snapshot of the machine's image is not there (Client.InvalidSnapshot.NotFound).",
    remedy: 'Choose another image.',
  },
  'Client.InternalError': {
    code: 'cloud-permission',
    message:
      'The machine could not start: mostly the key that encrypts its disk may not be used by this account (Client.InternalError).',
    remedy: 'Let the account use the KMS key, or choose another one.',
  },
};

/**
 * The fault behind a machine's `StateReason` or a spot request's status; null where a person, or the machine itself,
 * wanted it.
 */
export function faultOfStateReason(code: string, message: string): Fault | null {
  const known = REASONS[code];
  if (known !== undefined) {
    return known;
  }
  const bare = code.replace(/^(Server|Client)\./, '');
  if (/^(UserInitiated|InstanceInitiated|pending$|running$|stopp|terminat)/.test(bare) || bare === '') {
    return null;
  }
  if (/^capacity-(not-available|oversubscribed)|^instance-terminated-no-capacity/.test(bare)) {
    return faultOfAwsCode({ awsCode: 'InsufficientInstanceCapacity', said: message, profile: null });
  }
  return (
    faultOfAwsCode({ awsCode: bare, said: message, profile: null }) ?? {
      code: 'cloud-refused',
      message: `${message} (${code})`,
      remedy: 'Mend what it names, and launch again.',
    }
  );
}
