/** All fuzzers. */
import { csvFuzzer } from './csvFuzzer.ts';
import { eventFuzzer } from './eventFuzzer.ts';
import type { Fuzzer } from './fuzzer.ts';
import { recipeFuzzer } from './recipeFuzzer.ts';

export const FUZZERS: readonly Fuzzer[] = [eventFuzzer, recipeFuzzer, csvFuzzer];
