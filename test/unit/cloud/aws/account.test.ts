/** Each way of signing in to AWS, as the SDK takes it: which key signs, what is asked for on the way. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { providerModule } from '../../../../src/cloud/aws/aws.ts';
import { SkilletError } from '../../../../src/common/errors.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { SECRET, startTestAws } from '../../../fixtures/cloud/testAws.ts';

const skip = await motoMissing();
const aws = skip === false ? await startTestAws() : undefined;
const home = process.env.HOME;
after(async () => {
  process.env.HOME = home;
  delete process.env.AWS_ENDPOINT_URL_SSO;
  delete process.env.AWS_PROFILE;
  assert.deepEqual(aws?.proxy.unknown ?? [], []);
  await aws?.stop();
});

const original = aws === undefined ? '' : readFileSync(aws.env.AWS_CONFIG_FILE ?? '', 'utf8');
const keys = aws === undefined ? '' : readFileSync(aws.env.AWS_SHARED_CREDENTIALS_FILE ?? '', 'utf8');

beforeEach(async () => {
  await aws?.reset();
  delete process.env.AWS_PROFILE;
  config('');
  credentials(keys);
});

const signal = () => AbortSignal.timeout(30_000);
const open = (profile: string | null) => providerModule.open({ profile, version: '0.0.0' });
const config = (more: string) => writeFileSync(aws?.env.AWS_CONFIG_FILE ?? '/dev/null', `${original}${more}`);
const credentials = (text: string) => writeFileSync(aws?.env.AWS_SHARED_CREDENTIALS_FILE ?? '/dev/null', text);
/** The key that signed the last request of the account's name. */
const signer = () => aws?.proxy.requestsOf('GetCallerIdentity').at(-1)?.accessKey;
const endpoint = () => `endpoint_url = ${aws?.proxy.url}\nregion = us-east-1\n`;

async function refused(work: Promise<unknown>): Promise<SkilletError> {
  const error = await work.then(
    () => assert.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof SkilletError, String(error));
  return error;
}

test('the default chain takes the default profile, and its region', { skip }, async () => {
  const provider = open(null);
  const identity = await provider.identity(signal());
  assert.deepEqual(
    [identity.accountId, identity.profile, signer(), await provider.defaultRegion()],
    ['123456789012', null, 'AKIATESTDEFAULT00000', 'us-east-1'],
  );
});

test('a named profile has its own key and region; AWS_PROFILE names one, too', { skip }, async () => {
  await open('west').identity(signal());
  assert.deepEqual([signer(), await open('west').defaultRegion()], ['AKIATESTWEST00000000', 'us-west-2']);
  process.env.AWS_PROFILE = 'west';
  await open(null).identity(signal());
  assert.equal(signer(), 'AKIATESTWEST00000000');
});

test('a role is assumed with the keys of its source profile', { skip }, async () => {
  config(`[profile role]\nrole_arn = arn:aws:iam::123456789012:role/gpu\nsource_profile = west\n${endpoint()}`);
  const { who } = await open('role').identity(signal());
  const [assumed] = aws?.proxy.requestsOf('AssumeRole') ?? [];
  assert.deepEqual(
    [assumed?.accessKey, assumed?.params.RoleArn],
    ['AKIATESTWEST00000000', 'arn:aws:iam::123456789012:role/gpu'],
  );
  assert.match(who, /assumed-role\/gpu/);
  assert.match(signer() ?? '', /^ASIA/);
});

test('a web identity signs in with the token of its file', { skip }, async () => {
  const file = path.join(aws?.folder ?? '', 'token');
  writeFileSync(file, 'the-web-token');
  config(
    `[profile web]\nrole_arn = arn:aws:iam::123456789012:role/web\nweb_identity_token_file = ${file}\n${endpoint()}`,
  );
  await open('web').identity(signal());
  const [assumed] = aws?.proxy.requestsOf('AssumeRoleWithWebIdentity') ?? [];
  assert.deepEqual(
    [assumed?.params.RoleArn, assumed?.params.WebIdentityToken],
    ['arn:aws:iam::123456789012:role/web', 'the-web-token'],
  );
  assert.match(signer() ?? '', /^ASIA/);
});

/** As `aws sso login` leaves it. */
function ssoToken(expiresAt: string): void {
  const folder = path.join(aws?.folder ?? '', '.aws/sso/cache');
  mkdirSync(folder, { recursive: true });
  process.env.HOME = aws?.folder;
  process.env.AWS_ENDPOINT_URL_SSO = aws?.proxy.url;
  const name = createHash('sha1').update('corp').digest('hex');
  writeFileSync(
    path.join(folder, `${name}.json`),
    JSON.stringify({
      startUrl: 'https://corp.awsapps.com/start',
      region: 'us-east-1',
      accessToken: 'sso-token',
      expiresAt,
    }),
  );
  config(
    `[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Gpu\n${endpoint()}[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`,
  );
}

test('SSO exchanges its token for keys of the role', { skip }, async () => {
  ssoToken(new Date(Date.now() + 3600_000).toISOString());
  aws?.proxy.on({
    action: 'GET /federation/credentials',
    answer: ({ headers }) => {
      assert.equal(headers['x-amz-sso_bearer_token'], 'sso-token');
      const roleCredentials = {
        accessKeyId: 'ASIASSOROLE000000000',
        secretAccessKey: SECRET,
        sessionToken: 'session',
        expiration: Date.now() + 3600_000,
      };
      return { body: { roleCredentials } };
    },
  });
  await open('sso').identity(signal());
  assert.equal(signer(), 'ASIASSOROLE000000000');
});

test('an SSO sign-in that has expired says how to renew it, and goes on once it is', { skip }, async () => {
  ssoToken('2020-01-01T00:00:00Z');
  const provider = open('sso');
  const error = await refused(provider.identity(signal()));
  assert.deepEqual([error.code, /aws sso login --profile sso/.test(error.remedy)], ['cloud-credentials', true]);
  ssoToken(new Date(Date.now() + 3600_000).toISOString());
  const roleCredentials = { accessKeyId: 'ASIARENEWED000000000', secretAccessKey: SECRET, sessionToken: 's' };
  aws?.proxy.on({
    action: 'GET /federation/credentials',
    answer: { body: { roleCredentials: { ...roleCredentials, expiration: Date.now() + 3600_000 } } },
  });
  provider.forgetCredentials();
  await provider.identity(signal());
  assert.equal(signer(), 'ASIARENEWED000000000');
});

test('a program of the profile gives the keys; one that fails is told without what it printed', { skip }, async () => {
  const answer = { Version: 1, AccessKeyId: 'AKIAPROCESS000000000', SecretAccessKey: SECRET };
  const script = path.join(aws?.folder ?? '', 'keys.sh');
  writeFileSync(script, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`, { mode: 0o755 });
  const bad = path.join(aws?.folder ?? '', 'bad.sh');
  writeFileSync(bad, `#!/bin/sh\necho '${SECRET}' >&2\nexit 3\n`, { mode: 0o755 });
  config(
    `[profile program]\ncredential_process = ${script}\n${endpoint()}[profile bad]\ncredential_process = ${bad}\n${endpoint()}`,
  );
  await open('program').identity(signal());
  assert.equal(signer(), 'AKIAPROCESS000000000');
  const error = await refused(open('bad').identity(signal()));
  assert.equal(error.code, 'cloud-credentials');
  assert.ok(!`${error.message} ${error.remedy} ${error.stack}`.includes(SECRET));
});

test('new keys in the file are taken once the old ones are forgotten', { skip }, async () => {
  const provider = open(null);
  await provider.identity(signal());
  aws?.proxy.on({
    action: 'GetCallerIdentity',
    when: ({ accessKey }) => accessKey === 'AKIATESTDEFAULT00000',
    answer: { error: 'ExpiredToken', message: 'The security token included in the request is expired', status: 403 },
  });
  credentials(keys.replace('AKIATESTDEFAULT00000', 'AKIANEWKEY0000000000'));
  const error = await refused(provider.identity(signal()));
  assert.deepEqual([error.code, signer()], ['cloud-credentials', 'AKIATESTDEFAULT00000']);
  provider.forgetCredentials();
  await provider.identity(signal());
  assert.equal(signer(), 'AKIANEWKEY0000000000');
});

test('a profile that no file names is refused by its name', { skip }, async () => {
  const error = await refused(open('nobody').identity(signal()));
  assert.equal(error.code, 'cloud-credentials');
  assert.match(`${error.message} ${error.remedy}`, /nobody/);
});

test('profiles say how they sign in, and whether a browser renews them', { skip }, async () => {
  config(
    [
      '[profile a-role]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = corp',
      '[profile corp]\nsso_session = my-sso\nregion = eu-west-1',
      '[profile old-sso]\nsso_start_url = https://x',
      '[profile web]\nrole_arn = arn:aws:iam::1:role/w\nweb_identity_token_file = /t',
      '[profile program]\ncredential_process = x',
      '[profile only-settings]\nregion = eu-west-1',
      '[profile circle]\nrole_arn = arn:aws:iam::1:role/c\nsource_profile = circle',
      '[sso-session my-sso]\nsso_region = us-east-1',
      '',
    ].join('\n'),
  );
  const profiles = await providerModule.profiles();
  assert.deepEqual(
    profiles.map(({ name, region, how, isSso }) => [name, region, how, isSso]),
    [
      ['default', 'us-east-1', 'access key', false],
      ['a-role', null, 'role arn:aws:iam::1:role/x through corp', true],
      ['circle', null, 'role arn:aws:iam::1:role/c through circle', false],
      ['corp', 'eu-west-1', 'SSO (my-sso)', true],
      ['old-sso', null, 'SSO', true],
      ['program', null, 'a program (credential_process)', false],
      ['web', null, 'role arn:aws:iam::1:role/w by web identity', false],
      ['west', 'us-west-2', 'access key', false],
    ],
  );
  assert.ok(!JSON.stringify(profiles).includes(SECRET));
});

test('regions have the names that people call them by', { skip }, async () => {
  const regions = await open(null).regions(signal());
  assert.ok(regions.length > 20);
  assert.equal(regions.find(({ name }) => name === 'eu-west-1')?.title, 'Europe (Ireland)');
});
