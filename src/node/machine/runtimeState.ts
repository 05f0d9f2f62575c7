/** What there is of a TensorFlow runtime: none, a whole one, or one with a fault. */
import { type Problem, toProblem } from '../../common/errors.ts';
import type { Runtime } from '../runtime/findRuntime.ts';

export type RuntimeState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'whole'; readonly runtime: Runtime }
  | { readonly kind: 'damaged'; readonly runtime: Runtime; readonly fault: Problem }
  /** The settings name a folder that holds none: `path` of the fault. */
  | { readonly kind: 'misnamed'; readonly fault: Problem };

export interface RuntimeSources {
  /** @throws {SkilletError} The named folder holds none. */
  find(): Promise<Runtime | null>;
  /** Gives what is damaged, or null. */
  check(runtime: Runtime): Promise<Problem | null>;
}

export async function askRuntime({ find, check }: RuntimeSources): Promise<RuntimeState> {
  let runtime: Runtime | null;
  try {
    runtime = await find();
  } catch (error) {
    return { kind: 'misnamed', fault: toProblem(error, 'TensorFlow') };
  }
  if (runtime === null) {
    return { kind: 'absent' };
  }
  const fault = await check(runtime);
  return fault === null ? { kind: 'whole', runtime } : { kind: 'damaged', runtime, fault };
}

/** Whether it is TensorFlow's CUDA build; one whose build is not known is taken for it. */
export function isForCuda(state: RuntimeState): boolean {
  return state.kind === 'whole' && state.runtime.flavour !== 'cpu';
}
