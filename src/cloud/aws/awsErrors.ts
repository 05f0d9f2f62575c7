/** Errors of AWS in words that a person can act on. */

import type { ErrorCode } from '../../common/errorCodes.ts';
import { SkilletError } from '../../common/errors.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  AccessDenied: 'cloud-permission',
  AccessDeniedException: 'cloud-permission',
  UnauthorizedOperation: 'cloud-permission',
  CredentialsProviderError: 'cloud-credentials',
  ExpiredToken: 'cloud-credentials',
  ExpiredTokenException: 'cloud-credentials',
  UnrecognizedClientException: 'cloud-credentials',
  InvalidClientTokenId: 'cloud-credentials',
  ResourceLimitExceeded: 'cloud-quota',
  CapacityError: 'cloud-capacity',
  ThrottlingException: 'cloud-throttled',
  SlowDown: 'cloud-throttled',
  ResourceNotFound: 'cloud-not-found',
  ResourceNotFoundException: 'cloud-not-found',
  NoSuchBucket: 'cloud-not-found',
  NoSuchKey: 'cloud-not-found',
  ResourceInUse: 'cloud-name-taken',
  ValidationException: 'cloud-refused',
};

export interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** A {@link SkilletError}; an `AbortError` and what is no error of a request stay as they are. */
export function toCloudError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof SkilletError || error.name === 'AbortError') {
    return error;
  }
  if (isOutcomeUnknown(error)) {
    return new SkilletError('cloud-network', path, {
      message: `AWS cannot be reached, or has a fault of its own: ${error.message}.`,
      remedy: 'Check the network and try again.',
    });
  }
  const code = CODES[error.name] ?? ((error as AwsError).$metadata === undefined ? null : 'cloud-refused');
  return code === null
    ? error
    : new SkilletError(code, path, {
        message: `${error.name}: ${error.message.replace(/\.?$/, '.')}`,
        remedy: 'Mend what AWS names, then try again.',
      });
}

/** Whether a request may have been carried out although it failed here. */
export function isOutcomeUnknown(error: unknown): boolean {
  const status = (error as AwsError).$metadata?.httpStatusCode;
  const isNetwork = /ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|socket hang up|TimeoutError/.test(
    `${(error as NodeJS.ErrnoException).code} ${(error as Error).name} ${(error as Error).message}`,
  );
  return isNetwork || (status !== undefined && status >= 500);
}
