/** The ledger of a launch, with a provider that forgets, hides and refuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLedger, type Making } from '../../../../src/cloud/aws/launchLedger.ts';
import type { LaunchEvent, MadeThing } from '../../../../src/common/cloud/launchRecord.ts';
import { SkilletError } from '../../../../src/common/errors.ts';

const lost = () => new SkilletError('cloud-network', 'x', { message: 'broke.', remedy: '' });
const refused = () => new SkilletError('cloud-permission', 'x', { message: 'may not.', remedy: '' });

function place() {
  const events: LaunchEvent[] = [];
  const waited: number[] = [];
  const there = new Set<string>();
  const ledger = createLedger({
    onEvent: (event) => events.push(event),
    pausesMs: [1, 2, 4],
    undoLimitMs: 10_000,
    wait: async (ms) => void waited.push(ms),
  });
  const making = (kind: MadeThing['kind'], id: string, changes: Partial<Making<string>> = {}): Making<string> => ({
    kind,
    region: 'us-east-1',
    name: `${id} by name`,
    idsOf: (made) => [made],
    find: async () => (there.has(id) ? [id] : []),
    async create() {
      there.add(id);
      return id;
    },
    async remove(one) {
      there.delete(one);
    },
    ...changes,
  });
  const told = () => events.map((event) => ('what' in event ? `${event.type} ${event.what.id}` : event.type));
  return { ledger, there, making, told, waited };
}

test('what was made is removed, the newest first', async () => {
  const { ledger, there, making, told } = place();
  await ledger.make(making('securityGroup', 'sg'));
  await ledger.make(making('instance', 'i'));
  assert.deepEqual(await ledger.undo(), []);
  assert.deepEqual([...there], []);
  assert.deepEqual(told(), ['made sg', 'made i', 'removed i', 'removed sg']);
  assert.deepEqual(ledger.made(), []);
});

test('what was refused is not looked for', async () => {
  const { ledger, making } = place();
  let looks = 0;
  const find = async () => {
    looks += 1;
    return [];
  };
  await assert.rejects(ledger.make(making('instance', 'i', { create: () => Promise.reject(refused()), find })));
  assert.deepEqual(await ledger.undo(), []);
  assert.equal(looks, 0);
});

test('what may have been made is looked for until it shows', async () => {
  const { ledger, there, making, told } = place();
  let looks = 0;
  const create = async () => {
    there.add('i');
    throw lost();
  };
  const find = async () => {
    looks += 1;
    return looks < 3 ? [] : ['i']; // Not seen everywhere at once.
  };
  await assert.rejects(ledger.make(making('instance', 'i', { create, find })));
  assert.deepEqual(await ledger.undo(), []);
  assert.deepEqual([...there], []);
  assert.deepEqual(told(), ['removed i']);
});

test('an answer on a second try says nothing of the first', async () => {
  const { ledger, there, making } = place();
  const create = async () => {
    there.add('i');
    throw Object.assign(new Error('no'), { name: 'VcpuLimitExceeded', $metadata: { attempts: 2 } });
  };
  await assert.rejects(ledger.make(making('instance', 'i', { create })));
  await ledger.undo();
  assert.deepEqual([...there], []);
});

test('where nobody can look, it is told as left, by name', async () => {
  const { ledger, making, told, waited } = place();
  const blind = { create: () => Promise.reject(lost()), find: () => Promise.reject(lost()) };
  await assert.rejects(ledger.make(making('instance', 'i', blind)));
  assert.deepEqual(await ledger.undo(), [{ kind: 'instance', id: 'i by name', region: 'us-east-1' }]);
  assert.deepEqual(told(), ['left i by name']);
  assert.deepEqual(waited, [1, 2, 4]);
});

test('a look that fails now and then is made again', async () => {
  const { ledger, there, making } = place();
  let looks = 0;
  const create = async () => {
    there.add('i');
    throw lost();
  };
  const find = async () => {
    looks += 1;
    if (looks % 2 === 1) {
      throw lost();
    }
    return [...there];
  };
  await assert.rejects(ledger.make(making('instance', 'i', { create, find })));
  assert.deepEqual(await ledger.undo(), []);
  assert.deepEqual([...there], []);
});

test('one that cannot be removed does not keep the others, and is tried again the next time', async () => {
  const { ledger, there, making, told } = place();
  let isLocked = true;
  await ledger.make(making('securityGroup', 'sg'));
  const remove = async (id: string) => {
    if (isLocked) {
      throw refused();
    }
    there.delete(id);
  };
  await ledger.make(making('keyPair', 'i', { remove }));
  assert.deepEqual(
    (await ledger.undo()).map(({ id }) => id),
    ['i'],
  );
  assert.deepEqual([...there], ['i']);
  isLocked = false;
  assert.deepEqual(await ledger.undo(), []);
  assert.deepEqual(told(), ['made sg', 'made i', 'left i', 'removed sg', 'removed i']);
});

test('a machine that cannot be ended keeps its key and its group', async () => {
  const { ledger, there, making, told } = place();
  await ledger.make(making('securityGroup', 'sg'));
  await ledger.make(making('instance', 'i', { remove: () => Promise.reject(refused()) }));
  assert.deepEqual(
    (await ledger.undo()).map(({ id }) => id),
    ['i', 'sg'],
  );
  assert.deepEqual([...there], ['sg', 'i']);
  assert.deepEqual(told(), ['made sg', 'made i', 'left i', 'left sg']);
});

test('what would make more is stopped before anything is looked for', async () => {
  const { ledger, making } = place();
  const order: string[] = [];
  const watched = {
    create: () => Promise.reject(lost()),
    stopMore: async () => void order.push('stop'),
    find: async () => {
      order.push('find');
      return ['i'];
    },
    remove: async () => void order.push('remove'),
    sweepUp: async () => void order.push('sweep'),
  };
  await assert.rejects(ledger.make(making('instance', 'i', watched)));
  await ledger.undo();
  assert.deepEqual(order.slice(0, 5), ['stop', 'find', 'remove', 'find', 'sweep']);
});

test('machines alone may be taken back', async () => {
  const { ledger, there, making } = place();
  await ledger.make(making('securityGroup', 'sg'));
  await ledger.make(making('instance', 'i'));
  await ledger.undo(({ kind }) => kind === 'instance');
  assert.deepEqual([...there], ['sg']);
  assert.deepEqual(
    ledger.made().map(({ id }) => id),
    ['sg'],
  );
});

test('of several that may have been made, those that show late are removed too', async () => {
  const { ledger, making, told } = place();
  const living = new Set(['i-1', 'i-2', 'i-3']);
  const seen = new Set(['i-1']); // The others are not seen everywhere at once.
  const late = {
    create: () => Promise.reject(lost()),
    find: async () => [...living].filter((id) => seen.has(id)),
    async remove(id: string) {
      living.delete(id);
      seen.add('i-2').add('i-3');
    },
  };
  await assert.rejects(ledger.make(making('instance', 'i', late)));
  assert.deepEqual(await ledger.undo(), []);
  assert.deepEqual([...living], []);
  assert.deepEqual(told(), ['removed i-1', 'removed i-2', 'removed i-3']);
});

test('a request that may not be cancelled does not keep machines from being ended; it is told, with group and key kept', async () => {
  const { ledger, there, making, told } = place();
  await ledger.make(making('securityGroup', 'sg'));
  await ledger.make(making('instance', 'i', { stopMore: () => Promise.reject(refused()) }));
  assert.deepEqual(
    (await ledger.undo()).map(({ kind, id }) => `${kind} ${id}`),
    ['spotRequest requests of i by name', 'securityGroup sg'],
  );
  assert.deepEqual([...there], ['sg']);
  assert.deepEqual(told(), ['made sg', 'made i', 'left requests of i by name', 'removed i', 'left sg']);
});
