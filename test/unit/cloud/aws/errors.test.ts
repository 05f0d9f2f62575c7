/** AWS's errors in our words: tables alone, no emulator. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutcomeUnknown, toCloudError } from '../../../../src/cloud/aws/awsErrors.ts';
import { faultOfStateReason } from '../../../../src/cloud/aws/faults.ts';
import { SkilletError } from '../../../../src/common/errors.ts';

interface Made {
  readonly message?: string;
  readonly code?: string;
  readonly cause?: Error;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** An error as the SDK throws it. */
function thrown(name: string, { message = `AWS says ${name}`, ...rest }: Made = {}): Error {
  return Object.assign(new Error(message), { name, ...rest });
}

function told(error: Error, context = {}): SkilletError {
  const found = toCloudError(error, 'thing', context);
  assert.ok(found instanceof SkilletError, `${error.name} is not put into words`);
  assert.equal(found.path, 'thing');
  assert.ok(found.message.length > 0 && /[.!?`)]$/.test(found.remedy), `${error.name}: ${found.remedy}`);
  return found;
}

const CODES: Readonly<Record<string, readonly string[]>> = {
  'cloud-credentials': [
    'AuthFailure',
    'InvalidClientTokenId',
    'ExpiredToken',
    'ExpiredTokenException',
    'CredentialsProviderError',
    'TokenProviderError',
    'UnrecognizedClientException',
    'InvalidAccessKeyId',
  ],
  'cloud-permission': ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException'],
  'cloud-quota': [
    'VcpuLimitExceeded',
    'InstanceLimitExceeded',
    'MaxSpotInstanceCountExceeded',
    'ResourceLimitExceeded',
    'VolumeLimitExceeded',
    'AddressLimitExceeded',
  ],
  'cloud-capacity': [
    'InsufficientInstanceCapacity',
    'InsufficientHostCapacity',
    'SpotMaxPriceTooLow',
    'Unsupported',
    'InsufficientCapacity',
  ],
  'cloud-image': ['InvalidAMIID.NotFound', 'InvalidAMIID.Malformed', 'InvalidAMIID.Unavailable', 'OptInRequired'],
  'cloud-name-taken': ['InvalidKeyPair.Duplicate', 'InvalidGroup.Duplicate', 'BucketAlreadyExists'],
  'cloud-throttled': [
    'RequestLimitExceeded',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
    'SlowDown',
  ],
  'cloud-clock': ['RequestExpired', 'RequestTimeTooSkewed'],
  'cloud-not-found': ['InvalidInstanceID.NotFound', 'InvalidGroup.NotFound', 'NoSuchBucket', 'ParameterNotFound'],
  'cloud-state': ['IncorrectInstanceState', 'IncorrectState', 'DependencyViolation', 'VolumeInUse'],
  'cloud-unavailable': ['InternalError', 'ServiceUnavailable', 'Unavailable', 'InternalFailure'],
  'cloud-refused': ['InvalidParameterValue', 'SomethingNobodyKnows'],
};

test('each code of AWS has one of ours', () => {
  const found = Object.fromEntries(
    Object.entries(CODES).map(([code, names]) => [code, names.filter((name) => told(thrown(name)).code === code)]),
  );
  assert.deepEqual(found, CODES);
});

test('a missing permission is named: from the message, or from what was asked', () => {
  const said =
    'You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/x is not authorized to perform: ec2:RunInstances on resource: y because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: AbC123xyzAbC123xyzAbC123xyzAbC123xyzAbC123xyz';
  const found = told(thrown('UnauthorizedOperation', { message: said }));
  assert.equal(found.message, 'The account may not use ec2:RunInstances.');
  assert.match(found.remedy, /allow ec2:RunInstances/);
  assert.equal(
    told(thrown('AccessDenied', { message: 'Access Denied' }), { operation: 's3:PutObject' }).message,
    'The account may not use s3:PutObject.',
  );
  assert.match(
    told(
      thrown('AccessDenied', {
        message: 'is not authorized to perform: ec2:X with an explicit deny in a service control policy',
      }),
    ).remedy,
    /organization/,
  );
});

test('an expired SSO sign-in says the command that renews it, with the profile', () => {
  const message =
    'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.';
  const found = told(thrown('CredentialsProviderError', { message }), { profile: 'work' });
  assert.equal(found.code, 'cloud-credentials');
  assert.match(found.remedy, /aws sso login --profile work/);
});

test('an image of the Marketplace says where its terms are accepted', () => {
  const message =
    'In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit https://aws.amazon.com/marketplace/pp?sku=abc123.';
  assert.match(
    told(thrown('OptInRequired', { message })).remedy,
    /https:\/\/aws\.amazon\.com\/marketplace\/pp\?sku=abc123,/,
  );
});

test('one code that means several things is told apart by its words', () => {
  const cases: [string, string, string][] = [
    ['AuthFailure', 'Not authorized for images: [ami-1]', 'cloud-image'],
    ['AuthFailure', 'AWS was not able to validate the provided access credentials', 'cloud-credentials'],
    ['AuthFailure.ServiceLinkedRoleCreationNotPermitted', 'may not create the role for Spot', 'cloud-permission'],
    ['OptInRequired', 'You are not subscribed to this service. Please go to http://aws.amazon.com', 'cloud-permission'],
    ['OptInRequired', 'accept terms: https://aws.amazon.com/marketplace/pp?sku=a', 'cloud-image'],
    ['OperationNotPermitted', "may not be terminated. Modify its 'disableApiTermination'", 'cloud-state'],
    ['UnsupportedOperation', "You can't stop the Spot Instance", 'cloud-state'],
    ['InsufficientFreeAddressesInSubnet', 'x', 'cloud-capacity'],
    ['PendingVerification', 'Your request for accessing resources is being validated', 'cloud-quota'],
  ];
  assert.deepEqual(
    cases.map(([name, message]) => told(thrown(name, { message })).code),
    cases.map(([, , code]) => code),
  );
});

test('a quota keeps how much it is and says where to ask for more', () => {
  const message =
    'You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket.';
  const found = told(thrown('VcpuLimitExceeded', { message }));
  assert.match(found.message, /limit of 0/);
  assert.match(found.remedy, /servicequotas/);
});

test('a broken or missing network is told from an answer, however deep it lies', () => {
  const refused = thrown('Error', { message: 'connect ECONNREFUSED 127.0.0.1:1', code: 'ECONNREFUSED' });
  const nested = Object.assign(new AggregateError([refused], ''), { code: undefined });
  const cases = [
    refused,
    nested,
    thrown('Error', { message: 'getaddrinfo ENOTFOUND ec2.nowhere.amazonaws.com', code: 'ENOTFOUND' }),
    thrown('Error', { message: 'read ECONNRESET', code: 'ECONNRESET' }),
    thrown('TimeoutError', { message: 'Connection timed out after 5000 ms' }),
    thrown('Error', { message: 'socket hang up', code: 'ECONNRESET' }),
    thrown('Error', { message: 'outer', cause: refused }),
  ];
  assert.deepEqual(
    cases.map((error) => told(error).code),
    cases.map(() => 'cloud-network'),
  );
  assert.match(told(cases[2] as Error).message, /ec2\.nowhere\.amazonaws\.com/);
});

test('a signature with a wrong time is a clock, one without is a key', () => {
  const late = 'Signature expired: 20260101T000000Z is now earlier than 20260102T000000Z (20260102T000500Z - 5 min.)';
  assert.equal(told(thrown('SignatureDoesNotMatch', { message: late })).code, 'cloud-clock');
  assert.equal(
    told(thrown('SignatureDoesNotMatch', { message: 'The request signature we calculated…' })).code,
    'cloud-credentials',
  );
});

test('an answer that is no answer is a fault of theirs', () => {
  assert.equal(
    told(thrown('Error', { message: '@aws-sdk XML parse error: mismatched tags' })).code,
    'cloud-unavailable',
  );
  assert.equal(told(thrown('Weird', { $metadata: { httpStatusCode: 502 } })).code, 'cloud-unavailable');
});

test('an abort and our own errors pass as they are', () => {
  const abort = thrown('AbortError');
  const own = new SkilletError('cloud-state', 'x', { message: 'is so.', remedy: 'Wait.' });
  assert.equal(toCloudError(abort, 'thing'), abort);
  assert.equal(toCloudError(own, 'thing'), own);
  assert.equal(toCloudError('text', 'thing'), 'text');
});

test('whether AWS did it is unknown after a lost answer, and known after a refusal', () => {
  const unknown = [
    thrown('Error', { code: 'ECONNRESET' }),
    thrown('TimeoutError'),
    thrown('InternalError', { $metadata: { httpStatusCode: 500 } }),
    thrown('Weird', { $metadata: { httpStatusCode: 503 } }),
    thrown('Error', { message: '@aws-sdk XML parse error: x' }),
    thrown('AbortError'),
    thrown('RequestLimitExceeded', { $metadata: { httpStatusCode: 503, attempts: 5 } }),
  ];
  const known = [
    thrown('InsufficientInstanceCapacity', { $metadata: { httpStatusCode: 500, attempts: 3 } }),
    thrown('UnauthorizedOperation', { $metadata: { httpStatusCode: 403 } }),
    thrown('VcpuLimitExceeded'),
    // As the SDK throws every answer: with the response beside it.
    Object.assign(thrown('InvalidParameterValue', { $metadata: { httpStatusCode: 400 } }), { $response: {} }),
    thrown('CredentialsProviderError'),
    thrown('RequestLimitExceeded', { $metadata: { httpStatusCode: 503, attempts: 1 } }),
  ];
  assert.deepEqual([unknown.filter((one) => !isOutcomeUnknown(one)), known.filter(isOutcomeUnknown)], [[], []]);
});

test('nothing secret that AWS repeats comes through', () => {
  const secrets = [
    'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00',
    'AKIAIOSFODNN7EXAMPLE',
    'IQoJb3JpZ2luX2VjEJr1234567890abcdefGHIJKLmnopQRSTuv',
  ];
  const message = `x ${secrets[0]} AWS_SECRET_ACCESS_KEY=${secrets[0]} ${secrets[1]} X-Amz-Security-Token=${secrets[2]}&y Encoded authorization failure message: ${secrets[2]}`;
  const names = [...Object.values(CODES).flat(), 'Unheard'];
  const texts = names.map((name) => {
    const error = told(thrown(name, { message }));
    return `${JSON.stringify(error)} ${error.message} ${error.remedy} ${error.stack} ${error.cause}`;
  });
  assert.deepEqual(
    secrets.filter((secret) => texts.some((text) => text.includes(secret))),
    [],
  );
});

test('what ended a machine later is said in the same words; what a person did is no fault', () => {
  const codes = {
    'Server.InsufficientInstanceCapacity': 'cloud-capacity',
    'Server.SpotInstanceTermination': 'cloud-capacity',
    'Server.SpotInstanceShutdown': 'cloud-capacity',
    'Server.InternalError': 'cloud-unavailable',
    'Client.VolumeLimitExceeded': 'cloud-quota',
    'Client.InvalidSnapshot.NotFound': 'cloud-image',
    'Client.InternalError': 'cloud-permission',
    'capacity-not-available': 'cloud-capacity',
    'Client.NobodyKnows': 'cloud-refused',
    'Client.UserInitiatedShutdown': undefined,
    'Client.InstanceInitiatedShutdown': undefined,
    pending: undefined,
    '': undefined,
  };
  assert.deepEqual(
    Object.fromEntries(Object.keys(codes).map((code) => [code, faultOfStateReason(code, 'AWS says so')?.code])),
    codes,
  );
});
