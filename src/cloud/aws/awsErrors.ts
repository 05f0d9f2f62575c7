/** Puts every error of the SDK into words that a person can act on, with nothing secret in them. */
import { SkilletError } from '../../common/errors.ts';
import { type Fault, faultOfAwsCode } from './faults.ts';

export interface ErrorContext {
  /** What was asked, as IAM calls it: `ec2:RunInstances`; for an answer that does not name the permission. */
  readonly operation?: string;
  readonly profile?: string | null;
}

/** What errors of the SDK, of Node and of the network have, each some of it. */
interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly errors?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

const NETWORK_CODE =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|ETIMEDOUT|ESOCKETTIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EPROTO|CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_\w+)$/;
const PARSE_MESSAGE = /XML parse error|Unexpected token|is not valid JSON|Deserialization error|end of JSON input/i;
const PERMISSION_CODE =
  /^(UnauthorizedOperation|AccessDenied|AccessDeniedException|AccessDeniedFault|NotAuthorized|ForbiddenException|AllAccessDisabled|Client\.UnauthorizedOperation)$/;

/**
 * @param path The thing that was asked for: a machine, a region, a field of a launch profile.
 * @returns A {@link SkilletError} of a code `cloud-…`; an `AbortError` and our own errors as they are.
 */
export function toCloudError(error: unknown, path: string, context: ErrorContext = {}): unknown {
  if (error instanceof SkilletError || !(error instanceof Error) || error.name === 'AbortError') {
    return error;
  }
  // Without a cause: the SDK's own error holds the request with its signature.
  const fault = faultOf(error as Thrown, context);
  return new SkilletError(fault.code, path, fault);
}

function faultOf(error: Thrown, { operation, profile = null }: ErrorContext): Fault {
  const said = withoutSecrets(error.message);
  if (/CredentialsProviderError|TokenProviderError/.test(error.name)) {
    return credentialsFault(said, profile);
  }
  const network = networkCode(error, 0);
  if (network !== null) {
    return networkFault(network, said);
  }
  const awsCode = codeOf(error);
  if (PERMISSION_CODE.test(awsCode)) {
    return permissionFault(said, operation);
  }
  if (/SignatureDoesNotMatch|InvalidSignatureException/.test(awsCode) && isClockMessage(said)) {
    return faultOfAwsCode({ awsCode: 'RequestExpired', said, profile }) ?? unknownFault(awsCode, said);
  }
  const known = faultOfAwsCode({ awsCode, said, profile });
  if (known !== null) {
    return known;
  }
  if (isServerFault(error)) {
    return faultOfAwsCode({ awsCode: 'InternalError', said, profile }) ?? unknownFault(awsCode, said);
  }
  return unknownFault(awsCode, said);
}

function unknownFault(awsCode: string, said: string): Fault {
  return {
    code: 'cloud-refused',
    message: `${said} (${awsCode})`,
    remedy: 'Mend what the message names, and try again.',
  };
}

/** Bucket calls without a body have a number for a code. */
function codeOf(error: Thrown): string {
  const status = error.$metadata?.httpStatusCode;
  if (
    error.name !== 'Error' &&
    error.name !== 'UnknownError' &&
    error.name !== 'Unknown' &&
    !/^\d+$/.test(error.name)
  ) {
    return error.name;
  }
  if (status === 403) {
    return 'AccessDenied';
  }
  return status === 404 ? 'NoSuchKey' : typeof error.code === 'string' ? error.code : error.name;
}

/** The network's own code, however deep it lies; null where an answer came. */
function networkCode(error: Thrown, depth: number): string | null {
  if (typeof error.code === 'string' && NETWORK_CODE.test(error.code)) {
    return error.code;
  }
  if (error.name === 'TimeoutError' || /socket hang up|connection timed out|socket disconnected/i.test(error.message)) {
    return 'TimeoutError';
  }
  const inner = [error.cause, ...(Array.isArray(error.errors) ? error.errors : [])];
  for (const one of depth < 3 ? inner : []) {
    const found = one instanceof Error ? networkCode(one as Thrown, depth + 1) : null;
    if (found !== null) {
      return found;
    }
  }
  return null;
}

function networkFault(code: string, said: string): Fault {
  const host = /(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED) ([\w.:-]+)/.exec(said)?.[1];
  const whom = host === undefined ? 'AWS' : `AWS (${host})`;
  if (/CERT|TLS|UNABLE_TO|EPROTO/.test(code)) {
    return {
      code: 'cloud-network',
      message: `The connection to ${whom} cannot be trusted (${code}).`,
      remedy: "Let Node know the certificate of your network's proxy (NODE_EXTRA_CA_CERTS), or leave that network.",
    };
  }
  const isBroken = /RESET|ABORTED|EPIPE/.test(code);
  return {
    code: 'cloud-network',
    message: isBroken ? `The connection to ${whom} broke (${code}).` : `${whom} cannot be reached (${code}).`,
    remedy: "Check this computer's connection, its proxy settings and the region's name; then try again.",
  };
}

function credentialsFault(said: string, asked: string | null): Fault {
  const profile = asked ?? /profile(?:=|: \[)([\w.-]+)/.exec(said)?.[1] ?? null;
  const whose = profile === null ? 'The default credentials' : `The credentials of profile ${profile}`;
  const named = profile === null ? '' : ` --profile ${profile}`;
  if (/\bsso\b/i.test(said) || /token is expired/i.test(said)) {
    return {
      code: 'cloud-credentials',
      message: `The SSO sign-in ${profile === null ? '' : `of profile ${profile} `}has expired, or was never made.`,
      remedy: `Sign in: \`aws sso login${named}\`; then try again.`,
    };
  }
  if (/aws login/i.test(said)) {
    return {
      code: 'cloud-credentials',
      message: `${whose} have expired.`,
      remedy: `Sign in: \`aws login${named}\`; then try again.`,
    };
  }
  if (/multi-factor/i.test(said)) {
    return {
      code: 'cloud-credentials',
      message: `${whose} ask for a code of a second device, which cannot be asked for here.`,
      remedy: 'Use a profile that signs in by SSO, or one with the keys of a session made with that code.',
    };
  }
  if (/could not (be found|resolve credentials)|was not found/i.test(said) && profile !== null) {
    return {
      code: 'cloud-credentials',
      message: `Profile ${profile} is not in the AWS files, or has nothing to sign in with.`,
      remedy: `Name another profile (skillet profiles aws), or make it: \`aws configure${named}\`.`,
    };
  }
  if (/command failed|credential_process|process/i.test(said)) {
    return {
      code: 'cloud-credentials',
      message: `${whose} could not be had from their credential_process: the program failed.`,
      remedy: 'Run the program that the profile names in a terminal, and mend what it says.',
    };
  }
  return {
    code: 'cloud-credentials',
    message: `${whose} cannot be found.`,
    remedy: `Sign in with \`aws configure${named}\` or \`aws sso login${named}\`, or choose another profile; then try again.`,
  };
}

function permissionFault(said: string, operation: string | undefined): Fault {
  const action =
    /perform:? ([a-z0-9-]+:\w+)/i.exec(said)?.[1] ?? /\b([a-z0-9-]+:[A-Z]\w+)\b/.exec(said)?.[1] ?? operation;
  const isDeniedAbove = /explicit deny|service control policy|permissions boundary/i.test(said);
  const what = action === undefined ? 'do this' : `use ${action}`;
  return {
    code: 'cloud-permission',
    message: `The account may not ${what}${isDeniedAbove ? '; a policy of its organization forbids it' : ''}.`,
    remedy: isDeniedAbove
      ? "Ask whoever looks after the account's organization."
      : `Ask whoever looks after the account to allow ${action ?? 'it'} (docs/aws.md lists what each part needs).`,
  };
}

function isClockMessage(said: string): boolean {
  return /signature (expired|not yet current)|is now earlier than|is still later than/i.test(said);
}

function isServerFault(error: Thrown): boolean {
  const status = error.$metadata?.httpStatusCode ?? 0;
  return status >= 500 || PARSE_MESSAGE.test(error.message);
}

/**
 * Whether AWS may have done what was asked although an error came: the answer was lost, broken or never waited for. Ask
 * it of the error as the SDK threw it; one that was put into our words still gives a cautious answer.
 */
export function isOutcomeUnknown(error: unknown): boolean {
  if (error instanceof SkilletError) {
    return /^cloud-(network|unavailable|unfinished|throttled)$/.test(error.code);
  }
  if (!(error instanceof Error)) {
    return true;
  }
  const thrown = error as Thrown;
  if (thrown.name === 'AbortError') {
    return true;
  }
  const { code } = faultOf(thrown, {});
  // Of several attempts the first may have been heard, though the last was refused for its haste.
  const isLastOfMany = (thrown.$metadata?.attempts ?? 1) > 1;
  return code === 'cloud-network' || code === 'cloud-unavailable' || (code === 'cloud-throttled' && isLastOfMany);
}

const SECRETS: readonly RegExp[] = [
  /Encoded authorization failure message:\s*\S+/gi,
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g,
  /X-Amz-(?:Signature|Credential|Security-Token)=[^&\s]+/gi,
  /(?:x-amz-security-token|secret\w*|password|session_?token)["']?\s*[:=]\s*["']?[^\s"',]+/gi,
];

/** Keys, tokens and signatures may stand in AWS's own messages. */
function withoutSecrets(text: string): string {
  const known = SECRETS.reduce((rest, pattern) => rest.replace(pattern, '…'), text);
  const bare = known.replace(/[A-Za-z0-9+/=]{40,}/g, (word) =>
    /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word) ? '…' : word,
  );
  return bare.replace(/\s+/g, ' ').trim().slice(0, 600);
}
