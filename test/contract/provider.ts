/** What every provider does alike: facts over its verbs, run on each of them. */
import assert from 'node:assert/strict';
import type { OffersOfRegion, Provider } from '../../src/cloud/provider.ts';
import { all, type Fact } from './context.ts';
import { MACHINE_FACTS } from './machineFacts.ts';

const ACCOUNT: readonly Fact[] = [
  {
    name: 'the account has a name and a default region, which is among its regions',
    verbs: ['identity', 'regions', 'defaultRegion'],
    async check({ provider, regions, signal }) {
      const [identity, found, usual] = await Promise.all([
        provider.identity(signal),
        provider.regions(signal),
        provider.defaultRegion(),
      ]);
      assert.deepEqual([identity.provider, usual], [provider.id, regions[0]]);
      assert.ok(identity.accountId !== '' && identity.who !== '');
      const names = found.map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)].sort());
      assert.ok(regions.every((region) => names.includes(region)) && found.every(({ title }) => title !== ''));
    },
  },
  {
    name: 'a signal that is aborted already ends each verb with AbortError',
    verbs: ['identity', 'regions', 'images', 'networks', 'securityGroups', 'keyPairs', 'reservations', 'offers'],
    async check({ provider, regions: [region] }) {
      const signal = AbortSignal.abort();
      const asked = {
        identity: () => provider.identity(signal),
        regions: () => provider.regions(signal),
        images: () => provider.images({ region }, signal),
        networks: () => provider.networks(region, signal),
        securityGroups: () => provider.securityGroups(region, signal),
        keyPairs: () => provider.keyPairs(region, signal),
        reservations: () => provider.reservations(region, signal),
        offers: () => all(provider.offers({ regions: [region] }, signal)),
      };
      const names = await Promise.all(
        Object.values(asked).map((ask) =>
          ask().then(
            () => 'done',
            (error: unknown) => (error instanceof Error ? error.name : 'thrown'),
          ),
        ),
      );
      assert.deepEqual(
        names,
        names.map(() => 'AbortError'),
      );
    },
  },
];

const CATALOGUE: readonly Fact[] = [
  {
    name: 'offers come first without prices and then with them, each region for itself',
    verbs: ['offers'],
    async check({ provider, regions, signal }) {
      const events = await all(provider.offers({ regions, gpuName: 'a10g', gpuCount: 1 }, signal));
      for (const region of regions) {
        const own = events.filter((one) => one.region === region);
        assert.deepEqual(
          own.map(({ isComplete }) => isComplete),
          [false, true],
        );
        assert.ok((own[0]?.offers.length ?? 0) > 0);
        assert.deepEqual(own[0]?.offers.map(typeOf), own[1]?.offers.map(typeOf));
      }
      const offers = events.flatMap((one) => one.offers);
      assert.ok(offers.every(({ gpu }) => gpu?.name.toLowerCase().includes('a10g')));
      assert.ok(offers.every((one) => one.onDemandPerHourUsd === null || one.onDemandPerHourUsd > 0));
      assert.ok(events.some((one) => one.offers.some(({ onDemandPerHourUsd }) => onDemandPerHourUsd !== null)));
    },
  },
  {
    name: 'an image is found by a part of its name in other letters, and the newest comes first',
    verbs: ['images'],
    async check({ provider, regions: [region], signal, imageText }) {
      const found = await provider.images({ region, text: imageText }, signal);
      assert.ok(found.length > 0, `no image for ${imageText}`);
      const usual = await provider.images({ region }, signal);
      const dates = usual.map(({ createdAt }) => createdAt ?? '');
      assert.deepEqual([usual.length > 0, dates], [true, dates.toSorted().reverse()]);
      assert.ok(usual.every((one) => one.source === 'recommended' && one.user !== '' && one.region === region));
      assert.equal((await provider.images({ region, text: 'no image has this name' }, signal)).length, 0);
    },
  },
  {
    name: 'subnets of a network lie in zones of the region',
    verbs: ['networks'],
    async check({ provider, regions: [region], signal }) {
      const networks = await provider.networks(region, signal);
      const subnets = networks.flatMap((one) => one.subnets);
      assert.ok(networks.some(({ isDefault }) => isDefault) && subnets.length > 0);
      assert.ok(subnets.every(({ zone }) => zone.startsWith(region)));
    },
  },
  {
    name: 'reserved terms are told the cheapest first, by what an hour of the term costs',
    verbs: ['reservedOfferings'],
    async check({ provider, regions: [region], signal, reservedType }) {
      const terms = await provider.reservedOfferings({ region, instanceType: reservedType }, signal);
      const prices = terms.map((one) => one.effectivePerHourUsd);
      assert.deepEqual([terms.length > 1, prices], [true, prices.toSorted((a, b) => a - b)]);
      assert.ok(terms.every((one) => one.instanceType === reservedType && one.region === region && one.termMonths > 0));
    },
  },
  {
    name: 'a term that was bought is among the reservations',
    verbs: ['reservedOfferings', 'buyReserved', 'reservations'],
    async check({ provider, regions: [region], signal, reservedType }) {
      const [term] = await provider.reservedOfferings({ region, instanceType: reservedType }, signal);
      assert.ok(term !== undefined);
      const id = await provider.buyReserved(term, 2, signal);
      const found = (await provider.reservations(region, signal)).find((one) => one.id === id);
      assert.deepEqual([found?.instanceType, found?.count], [reservedType, 2]);
    },
  },
];

const typeOf = ({ instanceType }: OffersOfRegion['offers'][number]) => instanceType;

export const FACTS: readonly Fact[] = [...ACCOUNT, ...CATALOGUE, ...MACHINE_FACTS];

/** Why a fact cannot be asked of a provider yet, or false. */
export function missingFor(provider: Provider, { verbs }: Fact): string | false {
  const missing = verbs.filter((verb) => typeof provider[verb] !== 'function');
  return missing.length > 0 && `joined later: ${missing.join(', ')}`;
}
