/** The page "Launch GPU Instance" for tests: opened by itself, with made-up offers, images and choices. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/host/paths.mjs';
import type { FromLaunchPage, LaunchView, ToLaunchPage } from '../../src/common/launchMessages.ts';
import { image, offer, quota, review, spotOffer } from '../fixtures/cloud/formProvider.ts';
import { type LaunchWebview, openLaunchPage, type PageOptions } from './panelPage.ts';

const GIB = 1024 ** 3;

export interface Told extends LaunchWebview {
  /** The newest message of a kind; waits for it. */
  last<T extends FromLaunchPage['type']>(type: T): Promise<Extract<FromLaunchPage, { type: T }>>;
  shoot(name: string): Promise<void>;
}

export async function openForm(t: TestContext, browser: Browser, options: PageOptions = {}): Promise<Told> {
  const launch = await openLaunchPage(browser, { width: 1440, height: 1100, ...options });
  launch.page.setDefaultTimeout(20_000);
  const shoot = async (name: string) => {
    const folder = path.join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = `launch-${name}-${t.name}`.replaceAll(/[^\w-]+/g, '-').slice(0, 120);
    await launch.page.screenshot({ path: path.join(folder, `${file}.png`), fullPage: true });
  };
  t.after(async () => {
    await shoot('end');
    await launch.page.close();
  });
  return {
    ...launch,
    shoot,
    async last(type) {
      const found = await launch.page.waitForFunction(
        (wanted) => (window as unknown as { said: FromLaunchPage[] }).said.findLast((one) => one.type === wanted),
        type,
      );
      return (await found.jsonValue()) as Extract<FromLaunchPage, { type: typeof type }>;
    },
  };
}

export const begin: ToLaunchPage = {
  type: 'begin',
  start: {
    account: null,
    accounts: [],
    regions: [
      { name: 'us-east-1', title: 'US East (N. Virginia)' },
      { name: 'eu-west-1', title: 'Europe (Ireland)' },
    ],
    defaultRegion: 'us-east-1',
    who: '123456789012',
  },
};

const machines = [
  offer({ quota: quota(8, 4) }),
  offer({
    instanceType: 'g4dn.xlarge',
    gpu: { name: 'T4', count: 1, memoryBytes: 16 * GIB },
    quota: quota(8, 4),
  }),
  offer({
    instanceType: 'p4d.24xlarge',
    gpu: { name: 'A100', count: 8, memoryBytes: 40 * GIB },
    vcpus: 96,
    memoryBytes: 1152 * GIB,
    quota: quota(0, 96),
  }),
  offer({ instanceType: 'g6.xlarge', gpu: { name: 'L4', count: 1, memoryBytes: 22 * GIB } }),
];
const PRICES: Readonly<Record<string, readonly [number | null, number | null]>> = {
  'g5.xlarge': [1.006, 0.41],
  'g4dn.xlarge': [0.526, 0.19],
  'p4d.24xlarge': [21.957, 9.83],
  'g6.xlarge': [null, null],
};
export const priced = machines.map((one) => {
  const [onDemand = null, spot = null] = PRICES[one.instanceType] ?? [];
  return { ...one, onDemandPerHourUsd: onDemand, spot: spot === null ? null : spotOffer(spot) };
});

export async function fill(launch: Told, { isPriced }: { readonly isPriced: boolean }): Promise<void> {
  const { post, last } = launch;
  await post(begin);
  const { ask } = await last('searchOffers');
  await post({
    type: 'offers',
    ask,
    region: 'us-east-1',
    offers: isPriced ? priced : machines,
    isComplete: isPriced,
    faults: [],
  });
  if (isPriced) {
    await post({ type: 'offersEnd', ask, problem: null });
  }
  const { ask: imageAsk, query } = await last('searchImages');
  await post(
    {
      type: 'images',
      ask: imageAsk,
      query,
      images: [image(), image({ id: 'ami-2', parameter: null, name: 'Deep Learning Base GPU AMI (Ubuntu 22.04)' })],
    },
    {
      type: 'choices',
      choices: {
        region: 'us-east-1',
        networks: [
          {
            vpc: 'vpc-0a1',
            name: 'main',
            isDefault: true,
            cidr: '172.31.0.0/16',
            subnets: [
              {
                id: 'subnet-0a1',
                name: null,
                zone: 'us-east-1a',
                cidr: '172.31.0.0/20',
                isPublic: true,
                freeAddresses: 4091,
              },
            ],
          },
        ],
        groups: [{ id: 'sg-0a1', name: 'default', description: '', vpc: 'vpc-0a1', rules: [] }],
        keyPairs: [{ name: 'mine', type: 'ed25519', fingerprint: 'aa' }],
        roles: [],
        faults: [],
      },
    },
  );
}

export const types = (page: Page) => page.locator('.offers tbody th').allTextContents();

export async function answerThree({ page }: Told): Promise<void> {
  await page.getByRole('radio', { name: 'g5.xlarge in us-east-1' }).check();
  await page.locator('.images').getByRole('radio').first().check();
  await page.getByRole('radio', { name: /^New key pair/ }).check();
}

export async function toReview(launch: Told): Promise<number> {
  await answerThree(launch);
  await launch.page.getByRole('button', { name: 'Review' }).click();
  const { ask } = await launch.last('review');
  await launch.post({ type: 'problems', ask, problems: [] }, { type: 'review', ask, review: review(1.006, true) });
  await launch.page.getByText('AWS would allow it.').waitFor();
  return ask;
}

export const view = (part: Partial<LaunchView>): ToLaunchPage => ({
  type: 'launch',
  view: {
    state: 'atWork',
    title: '1 × g5.xlarge in us-east-1',
    events: [],
    problem: null,
    note: '',
    result: null,
    canTryAgain: false,
    hasLooked: false,
    ...part,
  },
});
