/** What there is of a TensorFlow runtime: none, a whole one, or one with a fault. */
import { toProblem } from '../../common/errors.ts';
import type { Runtime } from '../runtime/findRuntime.ts';

export interface Fault {
  readonly message: string;
  readonly remedy: string;
}

export type RuntimeState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'whole'; readonly runtime: Runtime }
  | { readonly kind: 'damaged'; readonly runtime: Runtime; readonly fault: Fault }
  /** The settings name a folder that holds none. */
  | { readonly kind: 'misnamed'; readonly fault: Fault };

export interface RuntimeSources {
  /** @throws {SkilletError} The named folder holds none. */
  find(): Promise<Runtime | null>;
  /** @throws {SkilletError} A file is missing or has another size than it should have. */
  check(runtime: Runtime): Promise<void>;
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
  try {
    await check(runtime);
    return { kind: 'whole', runtime };
  } catch (error) {
    return { kind: 'damaged', runtime, fault: toProblem(error, runtime.folder) };
  }
}

/** Whether it is TensorFlow's CUDA build; one whose build is not known is taken for it. */
export function isForCuda(state: RuntimeState): boolean {
  return state.kind === 'whole' && state.runtime.flavour !== 'cpu';
}
