/** Folders that a look found not to be runs yet: they are looked at again, later and later, and then no more. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSecondLooks } from '../../../src/extension/secondLooks.ts';

/** Looks under a clock that the test turns; `answers` says what each look leaves unsettled, the last one from then on. */
function looksOf(t: TestContext, answers: readonly (readonly string[] | Error)[]) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: (readonly string[])[] = [];
  const errors: unknown[] = [];
  const looks = createSecondLooks(
    async (folders) => {
      asked.push(folders);
      const answer = answers[asked.length - 1] ?? answers.at(-1) ?? [];
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
    (error) => errors.push(error),
  );
  const pass = async (ms: number) => {
    t.mock.timers.tick(ms);
    await nextTurn();
  };
  return { looks, asked, errors, pass };
}

test('what is unsettled is looked at again, alone, and no more once it is a run', async (t) => {
  const { looks, asked, pass } = looksOf(t, [['b', 'c'], ['c'], []]);
  looks.look(['a', 'b', 'c']);
  await pass(0);
  assert.deepEqual(asked, [['a', 'b', 'c']]);
  await pass(1000);
  assert.deepEqual(asked.slice(1), [['b', 'c']]);
  await pass(2000);
  assert.deepEqual(asked.slice(2), [['c']]);
  await pass(60_000);
  assert.equal(asked.length, 3);
});

test('a folder that never becomes a run is let go after five looks', async (t) => {
  const { looks, asked, pass } = looksOf(t, [['a']]);
  looks.look(['a']);
  for (let second = 0; second < 60; second += 1) {
    await pass(1000);
  }
  assert.equal(asked.length, 5);
});

test('an error is told and ends it; so does the end of the window', async (t) => {
  const failing = looksOf(t, [new Error('no rights')]);
  failing.looks.look(['a']);
  await failing.pass(60_000);
  assert.deepEqual([failing.asked.length, failing.errors.map(String)], [1, ['Error: no rights']]);
  t.mock.timers.reset();
  const closed = looksOf(t, [['a']]);
  closed.looks.look(['a']);
  await closed.pass(0);
  closed.looks.dispose();
  await closed.pass(60_000);
  assert.equal(closed.asked.length, 1);
});
