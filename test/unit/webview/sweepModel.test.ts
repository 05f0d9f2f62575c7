/** What the page of a sweep says of an account in which nothing was found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToSweepPage } from '../../../src/common/sweepMessages.ts';
import { emptySweep, foundText, receive } from '../../../src/webview/sweep/sweepModel.ts';

const after = (...messages: readonly ToSweepPage[]) => foundText(messages.reduce(receive, emptySweep));
const begin: ToSweepPage = { type: 'begin', account: '1', regions: ['us-east-1', 'us-west-2'] };
const ended = (region: string, fault: string | null = null): ToSweepPage => ({ type: 'regionEnd', region, fault });

test('nothing is left over where every region was looked through', () => {
  assert.equal(after(begin, ended('us-east-1'), ended('us-west-2'), { type: 'end' }), 'Nothing is left over.');
});

test('a sweep that was stopped, or that could not look everywhere, does not say that nothing is left over', () => {
  const partly = 'Nothing was found; not all was looked at.';
  assert.equal(after(begin, ended('us-east-1'), { type: 'end' }), partly);
  assert.equal(after(begin, ended('us-east-1'), ended('us-west-2', 'may not'), { type: 'end' }), partly);
});
