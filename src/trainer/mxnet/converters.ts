/** All operations of MXNet that can be imported, by name. */
import { IMAGE_OPS } from './imageOps.ts';
import { type Convert, PLAIN_OPS } from './plainOps.ts';
import { RECURRENT_OPS } from './recurrentOps.ts';

export const CONVERTERS: Readonly<Record<string, Convert>> = { ...PLAIN_OPS, ...IMAGE_OPS, ...RECURRENT_OPS };
