/** `skillet profiles`, `skillet regions` and `skillet images`: what an account can use. */
import { parseArgs } from 'node:util';
import type { ProviderModules } from '../../cloud/providerModules.ts';
import type { Image, ImageSource } from '../../common/cloud/offer.ts';
import { SkilletError } from '../../common/errors.ts';
import { formatTable, printable } from '../table.ts';
import { EXIT } from '../usage.ts';
import { interruptible } from './interruptible.ts';
import { openCloud, providerNamed } from './openCloud.ts';

const accountOptions = { account: { type: 'string' }, json: { type: 'boolean' } } as const;
const imagesOptions = { ...accountOptions, region: { type: 'string' }, from: { type: 'string' } } as const;
const SOURCES: readonly ImageSource[] = ['recommended', 'own', 'marketplace'];

function print(isJson: boolean | undefined, value: object, lines: () => readonly string[]): number {
  const text = isJson === true ? JSON.stringify(value) : lines().map(printable).join('\n');
  process.stdout.write(`${text}\n`);
  return EXIT.completed;
}

/** `account` for openCloud, where one is named. */
function named(account: string | undefined): { readonly account?: string } {
  return account === undefined ? {} : { account };
}

export async function profilesCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
  const profiles = await modules.load(providerNamed(modules, positionals[0] ?? '')).profiles();
  return print(values.json, profiles, () =>
    profiles.length === 0
      ? ['No profiles. The environment may still name an account: AWS_ACCESS_KEY_ID, a role of the machine.']
      : formatTable(
          [['PROFILE', 'REGION', 'SIGNS IN BY'], ...profiles.map((one) => [one.name, one.region ?? '-', one.how])],
          [],
        ),
  );
}

export async function regionsCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: accountOptions });
  const provider = openCloud(modules, { provider: positionals[0] ?? '', ...named(values.account) });
  const [regions, identity, usual] = await interruptible((signal) =>
    Promise.all([provider.regions(signal), provider.identity(signal), provider.defaultRegion()]),
  );
  return print(values.json, { identity, defaultRegion: usual, regions }, () => [
    `Account ${identity.accountId}, as ${identity.who}`,
    '',
    ...formatTable(
      regions.map(({ name, title }) => [name === usual ? '*' : ' ', name, title]),
      [],
    ),
    '',
    '* where machines are looked for when no region is named',
  ]);
}

export async function imagesCommand(args: string[], modules: ProviderModules): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: imagesOptions });
  const provider = openCloud(modules, { provider: positionals[0] ?? '', ...named(values.account) });
  const from = SOURCES.find((source) => source === values.from);
  if (values.from !== undefined && from === undefined) {
    throw new SkilletError('cli-usage', '--from', {
      message: `is ${values.from}.`,
      remedy: `Choose one of ${SOURCES.join(', ')}.`,
    });
  }
  const text = positionals.slice(1).join(' ');
  const region = values.region ?? (await provider.defaultRegion());
  const query = { region, ...(text === '' ? {} : { text }), ...(from === undefined ? {} : { from }) };
  const images = await interruptible((signal) => provider.images(query, signal));
  return print(values.json, images, () =>
    images.length === 0 ? [`No image of ${region} fits.`] : formatTable([IMAGE_HEAD, ...images.map(imageRow)], []),
  );
}

const IMAGE_HEAD = ['ID', 'MADE', 'FOR', 'SIGN IN AS', 'FROM', 'NAME'];

function imageRow(image: Image): string[] {
  const from = image.isMarketplace ? 'marketplace' : image.source;
  const age = image.deprecatedAt === null ? '' : ` (deprecated from ${image.deprecatedAt.slice(0, 10)})`;
  return [image.id, image.createdAt?.slice(0, 10) ?? '?', image.architecture, image.user, from, `${image.name}${age}`];
}
