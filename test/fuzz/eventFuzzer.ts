/** The event log: recorded runs with faults in them, read whole and piece by piece. */
import assert from 'node:assert/strict';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { emptyRun, type RunState, reduceRun } from '../../src/common/run/reduceRun.ts';
import { createEventReader, type EventReader } from '../../src/node/eventReader.ts';
import { readEnds } from '../../src/node/readEnds.ts';
import { recordings } from '../fixtures/recordings.ts';
import { type Fuzzer, inTime } from './fuzzer.ts';

const HOSTILE: readonly unknown[] = [
  ...[1e15, -1, 0.5, 1e308, 2 ** 53, -0, null, true, '', 'x', 'constructor', [], {}, [null], ['x'], [[]]],
  ...[{ __proto__: null, toString: 1 }, JSON.parse('{"__proto__":{"polluted":[1]}}'), 'x'.repeat(5000)],
  Array.from({ length: 300 }, (_, i) => i),
];
const LINES = [
  '',
  '{}',
  'null',
  '[',
  '{"type":"steps"}',
  '{"type":"__proto__","at":"x"}',
  '{"type":"steps","at":"x","first":1e15,"loss":[1],"metrics":{},"stepsPerSecond":1}',
  '{"type":"steps","at":"x","first":0,"loss":[],"metrics":{"constructor":[1]},"stepsPerSecond":1}',
  '{"type":"steps","at":"x","first":3,"loss":[1,2],"metrics":{"rmse":[1,2,3,4,5,6,7]},"stepsPerSecond":1}',
  '{"type":"runResume","at":"x","epoch":0,"step":2,"backend":{"name":"js"}}',
  '{"type":"launch","at":"x","version":1,"recipeFile":"x","pid":1,"host":"x"}',
  `${'['.repeat(20_000)}`,
];

const fault = fc.record({
  kind: fc.constantFrom('value', 'key', 'cut', 'double', 'swap', 'line', 'bytes', 'join'),
  at: fc.nat(1_000_000),
  to: fc.nat(1_000_000),
  value: fc.constantFrom(...HOSTILE),
  line: fc.constantFrom(...LINES),
  bytes: fc.uint8Array({ maxLength: 40 }),
});
type Fault = typeof fault extends fc.Arbitrary<infer T> ? T : never;

const cases = fc.record({
  recording: fc.nat(100),
  from: fc.nat(10_000),
  length: fc.integer({ min: 1, max: 12 }),
  faults: fc.array(fault, { maxLength: 6 }),
  cuts: fc.array(fc.nat(1_000_000), { maxLength: 5 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

export const eventFuzzer: Fuzzer = {
  name: 'events',
  property(folder) {
    const recorded = recordings().map(({ text }) => text.trimEnd().split('\n'));
    return fc.asyncProperty(cases, (one) => inTime('reading the events', () => check(one as Case, recorded, folder)));
  },
};

async function check(one: Case, recorded: readonly string[][], folder: string): Promise<void> {
  const bytes = toBytes(one, recorded[one.recording % recorded.length] ?? []);
  const file = path.join(folder, 'events.jsonl');
  writeFileSync(file, bytes);
  const whole = await fold(createEventReader(file), emptyRun());
  const length = whole.stepLoss.length;
  assert.ok(length <= bytes.length, `${length} steps out of ${bytes.length} bytes`);
  for (const series of Object.values(whole.stepMetrics)) {
    assert.ok(series.length <= bytes.length, `${series.length} values out of ${bytes.length} bytes`);
  }
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  await readEnds(folder);
  rmSync(file);
  const pieces = createEventReader(file);
  const state = emptyRun();
  const places = [...one.cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let done = 0;
  for (const place of places) {
    appendFileSync(file, bytes.subarray(done, place));
    done = place;
    await fold(pieces, state);
  }
  assert.equal(JSON.stringify(state), JSON.stringify(whole));
}

async function fold(reader: EventReader, run: RunState): Promise<RunState> {
  for (;;) {
    const { events, atEnd } = await reader.next();
    events.reduce(reduceRun, run);
    if (atEnd) {
      return run;
    }
  }
}

/** The head of a recording, a stretch of its middle, and its end, with the faults. */
function toBytes({ from, length, faults }: Case, lines: readonly string[]): Buffer {
  const at = from % lines.length;
  const text = [...lines.slice(0, 2), ...lines.slice(at, at + length), ...lines.slice(-3)];
  let bytes = Buffer.from('');
  for (const one of faults) {
    apply(text, one);
  }
  bytes = Buffer.from(`${text.join('\n')}\n`);
  for (const one of faults) {
    const place = one.at % (bytes.length + 1);
    if (one.kind === 'bytes') {
      bytes = Buffer.concat([bytes.subarray(0, place), one.bytes, bytes.subarray(place)]);
    } else if (one.kind === 'cut') {
      bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + (one.to % 60))]);
    }
  }
  return bytes;
}

function apply(lines: string[], { kind, at, to, value, line }: Fault): void {
  const [from, other] = [at % lines.length, to % lines.length];
  const chosen = lines[from] ?? '';
  if (kind === 'value' || kind === 'key') {
    lines[from] = withFault(chosen, { isKey: kind === 'key', to, value });
  } else if (kind === 'double') {
    lines.splice(other, 0, chosen);
  } else if (kind === 'swap') {
    [lines[from], lines[other]] = [lines[other] ?? '', chosen];
  } else if (kind === 'line') {
    lines.splice(other, 0, line);
  } else if (kind === 'join' && from + 1 < lines.length) {
    lines.splice(from, 2, chosen + lines[from + 1]);
  }
}

/** Another value, or none, somewhere in an event. */
function withFault(line: string, { isKey, to, value }: { isKey: boolean; to: number; value: unknown }): string {
  try {
    const event: unknown = JSON.parse(line);
    const places: [Record<string, unknown>, string][] = [];
    const walk = (node: unknown) => {
      if (typeof node === 'object' && node !== null && places.length < 2000) {
        for (const key of Object.keys(node)) {
          places.push([node as Record<string, unknown>, key]);
          walk((node as Record<string, unknown>)[key]);
        }
      }
    };
    walk(event);
    const [node, key] = places[to % Math.max(1, places.length)] ?? [];
    if (node !== undefined && key !== undefined) {
      if (isKey) {
        delete node[key];
      } else {
        node[key] = value;
      }
    }
    return JSON.stringify(event);
  } catch {
    return line;
  }
}
