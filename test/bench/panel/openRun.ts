/** What the extension host does when a panel opens on a long run: reads, parses and packs it. Prints JSON. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ToPanel } from '../../../src/common/panelMessages.ts';
import { feedRun } from '../../../src/extension/panel/runFeed.ts';
import { epochs, launch, runEnd, runStart } from '../../fixtures/runEvents.ts';
import { toLines } from '../../fixtures/runFolders.ts';

const EPOCHS = 1000;
const STEPS = 1000;

const folder = mkdtempSync(path.join(tmpdir(), 'skillet-bench-'));
mkdirSync(folder, { recursive: true });
const events = [launch, runStart({ epochs: EPOCHS, stepsPerEpoch: STEPS })];
const text = toLines([...events, ...epochs(1, EPOCHS, { stepsPerEpoch: STEPS }), runEnd]);
writeFileSync(path.join(folder, 'events.jsonl'), text);

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const begun = performance.now();
let messages = 0;
let bytes = 0;
const feed = feedRun(folder, {
  post(message: ToPanel) {
    if (message.type !== 'events') {
      return;
    }
    messages += 1;
    for (const event of message.events) {
      if (event.type === 'steps' && event.loss instanceof Float32Array) {
        bytes += event.loss.byteLength * (1 + Object.keys(event.metrics).length);
      }
    }
    // As a page does that is not slow.
    setTimeout(() => feed.taken(1), 16);
    if (message.events.some((event) => event.type === 'runEnd')) {
      const ms = performance.now() - begun;
      console.log(JSON.stringify({ ms, messages, fileBytes: text.length, bytes, longestMs: delay.max / 1e6 }));
      feed.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  onError: console.error,
});
